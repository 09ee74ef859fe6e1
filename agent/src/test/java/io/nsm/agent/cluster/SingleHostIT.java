package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does first: an agent without any configuration, and nsmctl without any option. */
class SingleHostIT {
  private final Path directory;

  SingleHostIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void an_agent_without_configuration_is_a_cluster_of_one() throws Exception {
    for (int port : new int[] {7400, 7401, 7402}) {
      assumeTrue(isFree(port), "skipped: something listens on 127.0.0.1:" + port + " already");
    }
    Path log = directory.resolve("agent.log");
    Process agent = program(log, "io.nsm.agent.Main", "run");
    try {
      Files.writeString(
          directory.resolve("processes.yaml"),
          """
          apiVersion: nsm/v1
          processes:
            sleeper:
              mode: replicated
              command: [sleep, '1000']
          """);
      Await.until("an answer", () -> nsmctl("status") == 0, () -> text(log) + text(said()));
      assertThat(nsmctl("apply", "-f", "processes.yaml")).as(text(said())).isZero();
      assertThat(nsmctl("status")).isZero();
      assertThat(text(said())).startsWith("all is well: 1 process on 1 host");
      assertThat(nsmctl("stop", "sleeper")).isZero();

      agent.destroy();
      assertThat(agent.waitFor(Await.LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(nsmctl("status")).as("the exit code without an agent").isEqualTo(8);
    } finally {
      agent.destroyForcibly().waitFor();
      Pids.ofRuns(directory.resolve("nsm-data/run")).forEach(Pids::kill);
    }
  }

  private Path said() {
    return directory.resolve("nsmctl.out");
  }

  private int nsmctl(String... args) {
    try {
      Files.deleteIfExists(said());
      return program(said(), "io.nsm.supervisor.ctl.Main", args).waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private Process program(Path output, String mainClass, String... args) throws IOException {
    List<String> command = new ArrayList<>(LocalHost.jvm());
    command.add(mainClass);
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
