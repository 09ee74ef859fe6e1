package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static io.nsm.agent.launch.Specs.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real program finds of what was declared. */
class ResourcesIT {
  private final Heard heard = new Heard();
  private final Path directory;
  private final OsLauncher launcher;

  ResourcesIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.launcher = new OsLauncher(Specs.settings(directory), heard, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    launcher.close();
  }

  @Test
  void a_program_gets_its_directory_umask_files_and_niceness() throws IOException {
    Path place = Files.createDirectory(directory.resolve("place"));
    Resources resources =
        new Resources(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(place.toString()),
            Optional.of("027"),
            Optional.of(321),
            Optional.of(19));

    launcher.launch(
        WORKER,
        run(1),
        shell("pwd; umask; ulimit -Sn; ulimit -Hn; nice; : >made", resources),
        Map.of());

    assertThat(heard.exit(run(1)).code()).isZero();
    assertThat(launcher.tail(run(1), 10))
        .containsExactly(place.toRealPath().toString(), "0027", "321", "321", "19");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("made"))))
        .isEqualTo("rw-r-----");
  }

  @Test
  void what_the_agent_writes_for_a_run_has_nothing_of_its_umask() throws IOException {
    Resources resources = given(Optional.empty(), Optional.of("777"), Optional.empty());

    launcher.launch(WORKER, run(1), shell("echo up; exit 3", resources), Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("EXIT_3");
    assertThat(launcher.tail(run(1), 10)).containsExactly("up");
    Path log = new RunDirectories(directory).files(WORKER, run(1)).directory().resolve("out.log");
    assertThat(Files.getPosixFilePermissions(log)).isNotEmpty();
  }

  @Test
  void a_directory_that_is_not_there_is_told_and_nothing_starts() {
    Resources resources = given(Optional.of("/no/such/place"), Optional.empty(), Optional.empty());

    launcher.launch(WORKER, run(1), shell("exit 0", resources), Map.of());

    assertThat(heard.failure(run(1)))
        .isEqualTo("processes.worker.workDir: /no/such/place on host host1: no such directory");
  }

  @Test
  void more_files_than_the_kernel_gives_are_told_and_nothing_starts() throws IOException {
    int most;
    // Not Files.readString: what is below /proc/sys must be read in one go.
    try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/fs/nr_open"))) {
      most = Integer.parseInt(file.readLine());
    }
    Resources resources = given(Optional.empty(), Optional.empty(), Optional.of(most + 1));

    launcher.launch(WORKER, run(1), shell("exit 0", resources), Map.of());

    assertThat(heard.failure(run(1)))
        .startsWith("the run's parent could not start it: ")
        .contains("files: " + (most + 1) + " is more than the agent may give");
  }

  private static Resources given(
      Optional<String> workDir, Optional<String> umask, Optional<Integer> files) {
    return new Resources(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        workDir,
        umask,
        files,
        Optional.empty());
  }
}
