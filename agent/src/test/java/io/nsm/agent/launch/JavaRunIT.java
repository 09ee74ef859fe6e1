package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.ProcessSpec.Java;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaRunIT {
  private final Heard heard = new Heard();
  private final Path directory;
  private final OsLauncher launcher;

  JavaRunIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.launcher = new OsLauncher(Specs.settings(directory), heard, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    launcher.close();
  }

  @Test
  void tells_a_JVM_that_ran_out_of_heap_from_one_that_exits_with_3() {
    launcher.launch(WORKER, run(1), Specs.of(limited("hoard")), Map.of());
    launcher.launch(WORKER, run(2), Specs.of(limited("exit")), Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("OOM_HEAP");
    assertThat(heard.exit(run(2)).reason()).isEqualTo("EXIT_3");
    Path files = new RunDirectories(directory).files(WORKER, run(1)).directory();
    assertThat(files.resolve(RunFiles.HEAP_DUMP)).exists();
    assertThat(files.resolve(RunFiles.GC_LOG)).content().contains("Pause");
  }

  private static Java limited(String what) {
    Java java = Specs.java(Hoarder.class.getName(), what);
    return new Java(
        java.home(), java.entry(), java.jvmOptions(), java.args(), Optional.of(64L * 1024 * 1024));
  }

  /** Keeps all it gets, or exits with 3. */
  static final class Hoarder {
    private Hoarder() {}

    public static void main(String... what) {
      List<byte[]> hoard = new ArrayList<>();
      while (what[0].equals("hoard")) {
        hoard.add(new byte[1024 * 1024]);
      }
      System.exit(3);
    }
  }
}
