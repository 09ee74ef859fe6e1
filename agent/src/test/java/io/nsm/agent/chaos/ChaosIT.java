package io.nsm.agent.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three minutes of {@code scripts/chaos}, where network namespaces are permitted. */
class ChaosIT {
  private static final String MINUTES = System.getProperty("nsm.chaos.minutes", "3");
  private static final String SEED = System.getProperty("nsm.chaos.seed", "20261122");

  @Test
  void real_agents_keep_their_promises_under_faults_and_recover()
      throws IOException, InterruptedException {
    List<String> said = new ArrayList<>();
    Process chaos =
        new ProcessBuilder(script().toString(), "--minutes", MINUTES, "--seed", SEED)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(chaos.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        said.add(line);
      }
    } finally {
      chaos.destroy(); // it removes what it made
    }
    int code = chaos.waitFor();

    assumeFalse(said.stream().anyMatch(line -> line.startsWith("chaos: skipped")), said.toString());
    assertThat(code).as(String.join("\n", said)).isZero();
  }

  /** The tests run in the directory of their module. */
  private static Path script() {
    return Path.of("..", "scripts", "chaos").toAbsolutePath().normalize();
  }
}
