package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that writes without end, while the disk for its output is full. */
class FullLogsIT {
  private final Heard heard = new Heard();

  @Test
  void a_program_goes_on_when_its_disk_is_full_and_what_is_lost_is_counted_and_told(
      @TempDir Path directory) throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    boolean mounted = ran("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
    if (!mounted) {
      System.out.println("not tried here: this user cannot mount a small disk");
    }
    assumeTrue(mounted);
    try (OsLauncher launcher = new OsLauncher(Specs.settings(disk), heard, Clock.systemUTC())) {
      Path going = directory.resolve("going");
      Command writer =
          new Command(
              List.of(
                  "sh",
                  "-c",
                  "while :; do head -c 4096 /dev/zero 2>/dev/null; echo x >>"
                      + going
                      + "; sleep 0.01; done"));
      launcher.launch(
          WORKER, run(1), Specs.of(writer, Map.of(), Map.of(), new Logs(256 * 1024, 4)), Map.of());
      heard.pid(run(1));
      fill(disk.resolve("filler"));

      assertThat(heard.dropped(run(1))).isPositive();

      long before = Files.size(going);
      heard.until("the program to go on", () -> size(going) > before + 20);
      assertThat(launcher.logs(run(1)).orElseThrow().dropped()).isPositive();
      launcher.kill(run(1));
      heard.exit(run(1));
    } finally {
      ran("umount", "-l", disk.toString());
    }
  }

  /** Leaves room for what the output may have at most before it is rotated, and not for a copy. */
  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (int i = 0; i < (1024 - 384) / 4; i++) {
        out.write(block);
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static int ran(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
