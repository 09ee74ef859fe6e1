package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.api.ActionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An agent, nsmctl and a process that JDK 25 runs, from the first start to an orderly end. */
class NewestJavaIT {
  private static final Path JDKS = Path.of("/usr/lib/jvm");

  /** Names a JDK 25 that is not beside the others. */
  private static final String VARIABLE = "NSM_TEST_JDK25";

  @Test
  void an_agent_does_all_its_work_on_JDK_25() throws IOException {
    Optional<Path> jdk = jdk25();
    if (jdk.isEmpty()) {
      String reason = "skipped: no JDK 25 in " + JDKS + ", and " + VARIABLE + " names none";
      System.out.println(getClass().getSimpleName() + " " + reason);
      assumeTrue(false, reason);
    }
    try (LocalCluster cluster =
        new LocalCluster(
            "127.81.8", "fast", List.of("host1"), name -> List.of(), jdk.orElseThrow())) {
      worksOn(cluster);
    }
  }

  private static void worksOn(LocalCluster cluster) {
    Recorders recorders = new Recorders(cluster);
    LocalHost host = cluster.host("host1");
    cluster.startAll();
    cluster.apply(
        recorders.declaration(2).replace("placement: {antiAffinity: host}", "env: {A: b}"));
    long first = recorders.awaitSavedAfter(0);
    cluster.awaitWell();

    assertThat(host.nsmctl("version").words()).contains("25");
    assertThat(host.nsmctl("status").code()).isZero();

    var active =
        LocalCluster.active(
            cluster.await("one to act", Recorders.NAME, process -> process.active().isPresent()));
    Pids.kill(active.pid().orElseThrow());
    long second = recorders.awaitSavedAfter(first);
    cluster.awaitWell();

    host.killAgent();
    host.start();
    cluster.awaitWell();
    recorders.awaitSavedAfter(second - 1);
    cluster.asked("switchover", api -> api.act(Recorders.NAME, ActionRequest.Action.SWITCHOVER));
    recorders.awaitSavedAfter(second);

    assertThat(host.stopAgent()).isEqualTo(143);
    recorders.recording().holds();
    assertThat(host.log()).doesNotContain("ERROR");
  }

  private static Optional<Path> jdk25() throws IOException {
    Optional<Path> named = Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
    if (named.isPresent() || !Files.isDirectory(JDKS)) {
      return named;
    }
    try (Stream<Path> jdks = Files.list(JDKS)) {
      for (Path jdk : jdks.sorted().toList()) {
        Path release = jdk.resolve("release");
        if (Files.isRegularFile(release)
            && Files.readString(release).contains("JAVA_VERSION=\"25")
            && Files.isExecutable(jdk.resolve("bin/java"))) {
          return Optional.of(jdk);
        }
      }
    }
    return Optional.empty();
  }
}
