package io.nsm.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.link.RunEnvironment;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.RunId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that tell by their exit code how a run does. */
class ExaminationIT {
  private static final RunId RUN = new RunId(new Incarnation("examined"), 1);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Path directory;
  private final Examination examination = new Examination();

  ExaminationIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void close() {
    examination.close();
  }

  private Optional<String> run(Duration timeout, String... words) throws Exception {
    Map<String, String> environment =
        Map.of("PATH", System.getenv("PATH"), RunEnvironment.RUN, RUN.toString(), "MARK", "here");
    return examination
        .run(RUN, List.of(words), environment, timeout)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void exit_code_0_is_a_success_whatever_is_said() throws Exception {
    assertThat(run(LONG, "sh", "-c", "echo $MARK; test $MARK = here")).isEmpty();
  }

  @Test
  void another_exit_code_is_told_with_the_last_line() throws Exception {
    assertThat(run(LONG, "sh", "-c", "seq 100000; echo no answer >&2; exit 3"))
        .contains("exit code 3: no answer");
  }

  @Test
  void a_program_that_is_not_there_is_named() throws Exception {
    assertThat(run(LONG, "/nowhere/alive").orElse("")).contains("/nowhere/alive");
  }

  @Test
  void a_program_that_takes_too_long_is_killed_with_all_that_it_started() throws Exception {
    Path pids = directory.resolve("pids");

    Optional<String> said =
        run(
            Duration.ofSeconds(2),
            "sh",
            "-c",
            "sleep 1000 & echo $! >> " + pids + "; (sleep 1000 & echo $! >> " + pids + "); wait");

    assertThat(said).contains("no exit within 2000 ms");
    List<String> numbers = Files.readAllLines(pids);
    assertThat(numbers).hasSize(2);
    long end = System.nanoTime() + LONG.toNanos();
    while (numbers.stream().anyMatch(ExaminationIT::runs)) {
      assertThat(System.nanoTime() - end).as("%s still run", numbers).isNegative();
      Thread.onSpinWait();
    }
  }

  private static boolean runs(String pid) {
    return ProcStat.read(Long.parseLong(pid)).filter(ProcStat::runs).isPresent();
  }
}
