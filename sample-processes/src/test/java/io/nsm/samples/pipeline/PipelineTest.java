package io.nsm.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.samples.flights.FlightsFile;
import io.nsm.samples.flights.Shipped;
import io.nsm.samples.reference.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

  private static final int SEEDS = 200;

  private final Path directory;

  PipelineTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void reports_what_the_reference_reports_whoever_was_killed_and_whenever() throws Exception {
    Path input = firstRows(1_450);
    String expected = reference(input);
    int kills = 0;
    int replaced = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Pipeline pipeline = pipeline(input, seed, true);
      try {
        pipeline.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
      assertThat(report()).as("seed %s", seed).isEqualTo(expected);
      kills += pipeline.kills();
      replaced += pipeline.replaced();
    }
    assertThat(kills).as("kills").isGreaterThan(10 * SEEDS);
    assertThat(replaced).as("replaced without knowing").isGreaterThan(SEEDS);
  }

  @Test
  void reports_what_the_reference_reports_on_all_flights() throws Exception {
    Path input = firstRows(20_000);
    String expected = reference(input);
    for (long seed = 0; seed < 3; seed++) {
      pipeline(input, seed, true).run();
      assertThat(report()).as("seed %s", seed).isEqualTo(expected);
    }
  }

  @Test
  void is_caught_taking_figures_back_when_stale_epochs_are_not_refused() throws Exception {
    Path input = firstRows(1_450);
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        pipeline(input, seed, false).run();
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining("taken back");
        return;
      }
    }
    throw new AssertionError("none of " + SEEDS + " seeds was caught");
  }

  @Test
  void gives_the_same_run_for_the_same_seed() throws Exception {
    Path input = firstRows(500);
    Pipeline one = pipeline(input, 7, true);
    Pipeline other = pipeline(input, 7, true);
    one.run();
    other.run();
    assertThat(other.kills()).isEqualTo(one.kills());
    assertThat(other.replaced()).isEqualTo(one.replaced());
  }

  private Pipeline pipeline(Path input, long seed, boolean fencing) throws IOException {
    Files.deleteIfExists(output());
    return new Pipeline(FlightsFile.at(input), output(), seed, fencing);
  }

  private String report() throws IOException {
    return Files.readString(output());
  }

  private Path output() {
    return directory.resolve("report.csv");
  }

  private Path firstRows(int rows) throws IOException {
    try (BufferedReader shipped = shipped("flights-2001.csv")) {
      List<String> lines = shipped.lines().limit(rows + 1L).toList();
      return Files.write(directory.resolve(rows + ".csv"), lines);
    }
  }

  private static String reference(Path input) throws IOException {
    try (BufferedReader flights = Files.newBufferedReader(input);
        BufferedReader airports = shipped("airports.csv")) {
      return Main.report(flights, airports);
    }
  }

  private static BufferedReader shipped(String name) throws IOException {
    return new BufferedReader(new InputStreamReader(Shipped.open(name), StandardCharsets.UTF_8));
  }
}
