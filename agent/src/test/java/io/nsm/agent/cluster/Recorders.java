package io.nsm.agent.cluster;

import io.nsm.process.ManagedProcess;
import io.nsm.supervisor.model.InstanceId;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The process {@code recorder} of a cluster, declared and looked at from outside. */
record Recorders(LocalCluster cluster) {
  static final String NAME = "recorder";

  private Path file() {
    return cluster.directory().resolve("recording");
  }

  String declaration(int replicas) {
    return """
    apiVersion: nsm/v1
    processes:
      recorder:
        mode: active-standby
        replicas: %d
        java: %s
        placement: {antiAffinity: host}
        restart: {backoff: {initial: 200ms, max: 1s}}
        stop: {timeout: 5s}
    """
        .formatted(replicas, program(Recorder.class, file().toString()));
  }

  /** The value of {@code java} for a program of the tests. */
  static String program(Class<?> main, String argument) {
    return "{mainClass: %s, classpath: ['%s', '%s'], jvmOptions: [-Xmx32m, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'], args: ['%s']}"
        .formatted(main.getName(), home(main), home(ManagedProcess.class), argument);
  }

  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  Recording recording() {
    return Recording.read(file());
  }

  /** Waits until something was saved in an epoch after the given one; that epoch. */
  long awaitSavedAfter(long epoch) {
    return Await.value(
        "a save after epoch " + epoch,
        () ->
            recording().of(Recording.Kind.SAVED).stream()
                .map(Recording.Line::epoch)
                .filter(later -> later > epoch)
                .findFirst(),
        cluster::seen);
  }

  /** Who entered an epoch. */
  InstanceId holder(long epoch) {
    return recording().in(epoch).stream()
        .filter(line -> line.kind() == Recording.Kind.ENTERED)
        .findFirst()
        .map(line -> InstanceId.parse(line.instance()))
        .orElseThrow();
  }

  OptionalLong epoch() {
    return recording().epoch();
  }
}
