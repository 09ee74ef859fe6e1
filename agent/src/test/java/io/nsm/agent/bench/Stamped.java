package io.nsm.agent.bench;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.model.ProcessName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A cluster with one stamper that has a hot standby on each other host, and its changes. */
final class Stamped {
  private static final ProcessName NAME = new ProcessName("stamper");

  private final BenchCluster cluster;
  private final Stamps stamps;

  private Stamped(BenchCluster cluster, Stamps stamps) {
    this.cluster = cluster;
    this.stamps = stamps;
  }

  /** One that does nothing when it acts. */
  static Stamped start(BenchCluster cluster, String classPath) throws Exception {
    return start(cluster, classPath, 0);
  }

  /** One that writes to a shared map under its term, some times a second. */
  static Stamped writing(BenchCluster cluster, String classPath) throws Exception {
    return start(cluster, classPath, 50);
  }

  private static Stamped start(BenchCluster cluster, String classPath, int pauseMillis)
      throws Exception {
    Stamps stamps = new Stamps(cluster.work().resolve("stamps"));
    Path declaration = cluster.work().resolve("stamper.yaml");
    Files.writeString(
        declaration, stamps.declaration(List.of(NAME.name()), 3, classPath, 0, pauseMillis));
    cluster.awaitWell();
    cluster.nsmctl("apply", "-f", declaration.toString());
    return new Stamped(cluster, stamps);
  }

  /** What changes who acts. */
  interface Change {
    void happen(InstanceStatus active) throws Exception;
  }

  /** How long after a change begins the next one acts, in milliseconds. */
  double until(Change change) throws Exception {
    InstanceStatus active = settled();
    int lines = stamps.lines().size();
    long began = System.nanoTime();
    change.happen(active);
    return (stamps.entered(lines) - began) / 1e6;
  }

  double killed() throws Exception {
    return until(
        active -> ProcessHandle.of(active.pid().orElseThrow()).orElseThrow().destroyForcibly());
  }

  /** From the old one's {@code deactivate} to the new one's {@code activate}. */
  double switchover() throws Exception {
    settled();
    int lines = stamps.lines().size();
    cluster.nsmctl("switchover", NAME.name());
    return (stamps.entered(lines) - stamps.left(lines)) / 1e6;
  }

  /** Asks for another host; whether it came to be so. */
  boolean switchTo(String host) throws Exception {
    settled();
    return cluster.nsmctlWorks("switchover", NAME.name(), "--to", host);
  }

  int promotions() throws IOException {
    return (int) stamps.lines().stream().filter(line -> line.startsWith("A")).count();
  }

  /** The active, once all is well and its standbys are ready. */
  InstanceStatus settled() throws InterruptedException, TimeoutException {
    return cluster.await(
        "an active with two standbys",
        status -> status.health().well() ? active(status) : Optional.empty());
  }

  private static Optional<InstanceStatus> active(ClusterStatus status) {
    return status
        .process(NAME)
        .filter(p -> p.instances().stream().allMatch(i -> i.state().good()))
        .flatMap(
            p -> p.instances().stream().filter(i -> i.state() == InstanceState.ACTIVE).findFirst())
        .filter(i -> i.pid().isPresent());
  }
}
