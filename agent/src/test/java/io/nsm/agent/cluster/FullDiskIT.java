package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.config.Declarations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An agent whose data directory is on a disk that becomes full, and has room again later. */
class FullDiskIT {
  /** What the kernel says, in any locale of a JVM. */
  private static final String NO_ROOM = "No space left";

  @Test
  void an_agent_without_room_ends_and_says_so_and_its_processes_are_there_for_the_next()
      throws Exception {
    try (LocalCluster cluster = new LocalCluster("127.81.9", "patient", List.of("host1"))) {
      LocalHost host = cluster.host("host1");
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", host.data().toString()) == 0,
          "skipped: this user cannot mount a small disk");
      try {
        assertThat(host.init().code()).isZero();
        becomesFull(cluster, host);
      } finally {
        host.killAll();
        run("umount", "-l", host.data().toString());
      }
    }
  }

  private static void becomesFull(LocalCluster cluster, LocalHost host) throws IOException {
    Recorders recorders = new Recorders(cluster);
    cluster.startAll();
    cluster.apply(recorders.declaration(1));
    recorders.awaitSavedAfter(0);
    long pid =
        LocalCluster.active(
                cluster.await("one to act", Recorders.NAME, p -> p.active().isPresent()))
            .pid()
            .orElseThrow();
    Path filler = host.data().resolve("filler");
    fill(filler);

    Await.until(
        "the end of the agent",
        () -> {
          declareMuch(cluster, host, recorders);
          return !host.runs();
        },
        host::log);

    assertThat(host.ended()).isEqualTo(70);
    assertThat(host.log()).contains(NO_ROOM);
    assertThat(Pids.lives(pid)).as("its process goes on under its lease").isTrue();

    Files.delete(filler);
    cluster.startAll();
    cluster.awaitWell();
    int saves = recorders.recording().of(Recording.Kind.SAVED).size();
    Await.until(
        "saves on the disk that has room again",
        () -> recorders.recording().of(Recording.Kind.SAVED).size() > saves,
        cluster::seen);
    recorders.recording().holds();
  }

  /** An entry of some size; what becomes of it does not matter. */
  private static void declareMuch(LocalCluster cluster, LocalHost host, Recorders recorders) {
    String much = "x".repeat(30_000);
    try {
      var declared =
          Declarations.readText(
              "test",
              recorders.declaration(1)
                  + "  never:\n    mode: one-shot\n    command: [sleep, '1']\n    env: {A: "
                  + much
                  + ", B: "
                  + System.nanoTime()
                  + "}\n",
              Map.of(),
              ClusterFacts.UNKNOWN);
      host.api()
          .apply(
              new ApplyRequest(
                  UUID.randomUUID().toString(), Optional.empty(), declared.processes(), false));
    } catch (AgentApi.Refused refused) {
      assertThat(refused).as("asked again").hasMessageNotContaining("INVALID");
    }
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[64 * 1024];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining(NO_ROOM);
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
