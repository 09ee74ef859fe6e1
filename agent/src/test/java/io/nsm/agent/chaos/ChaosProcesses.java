package io.nsm.agent.chaos;

import io.nsm.process.ManagedProcess;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is declared on the hosts: the recorder and its clients, and the sample pipeline. */
final class ChaosProcesses {
  private static final int FLIGHTS = 20_000;

  private ChaosProcesses() {}

  /** The names of all that is declared, with commas between. */
  static String names(ChaosOptions options) {
    return pipeline(options) ? "recorder,client,importer,transformer,server" : "recorder,client";
  }

  /** The samples are built after this module, so that they may not be there yet. */
  static boolean pipeline(ChaosOptions options) {
    return Files.isReadable(options.jar());
  }

  static String declaration(ChaosOptions options) {
    int hosts = options.hosts();
    String recorded =
        """
        apiVersion: nsm/v1
        defaults:
          restart:
            backoff: {initial: 200ms, max: 1s, resetAfter: 10s}
            limit: {attempts: 10000, interval: 1m}
          stop: {timeout: 5s}
        processes:
          recorder:
            mode: active-standby
            replicas: %d
            java: %s
            placement: {antiAffinity: host}
        %s\
          client:
            mode: replicated
            replicas: %d
            java: %s
            placement: {antiAffinity: host}
        """
            .formatted(
                hosts,
                recorded(ChaosRecorder.class, options),
                environment(options),
                hosts,
                recorded(ChaosClient.class, options));
    return pipeline(options) ? recorded + samples(options) : recorded;
  }

  private static String samples(ChaosOptions options) {
    return """
      importer:
        mode: active-standby
        replicas: 2
        java: %s
        placement: {antiAffinity: host}
      transformer:
        mode: active-standby
        replicas: 2
        java: %s
        placement: {antiAffinity: host}
      server:
        mode: replicated
        replicas: 1
        java: %s
        ports: {http: {port: 8080}}
    """
        .formatted(
            sample(options, "importer.Importer", "'--rate', '" + rate(options) + "'"),
            sample(options, "transformer.Transformer", ""),
            sample(options, "server.Server", "'--bind', '${host.label.address}'"));
  }

  /** So many flights a second that the import lasts as long as the run. */
  private static long rate(ChaosOptions options) {
    return Math.max(1, FLIGHTS / Math.max(1, options.length().toSeconds()));
  }

  private static String recorded(Class<?> main, ChaosOptions options) {
    return java(
        main.getName(),
        "'%s', '%s'".formatted(home(main), home(ManagedProcess.class)),
        "'" + options.directory() + "'");
  }

  private static String sample(ChaosOptions options, String main, String args) {
    return java("io.nsm.samples." + main, "'" + options.jar() + "'", args);
  }

  private static String java(String main, String classpath, String args) {
    return "{mainClass: %s, classpath: [%s], jvmOptions: [-Xmx48m, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'], args: [%s]}"
        .formatted(main, classpath, args);
  }

  /**
   * The wall clock alone is faked; leases hang on the others. Without the last variable but two the
   * library spoils waits on the monotonic clock, and every pause of a JVM ends at once.
   */
  private static String environment(ChaosOptions options) {
    Optional<Path> library = options.fakeClock();
    return library
        .map(
            path ->
                """
                    env:
                      LD_PRELOAD: %s
                      DONT_FAKE_MONOTONIC: '1'
                      FAKETIME_FORCE_MONOTONIC_FIX: '0'
                      FAKETIME_NO_CACHE: '1'
                      FAKETIME_TIMESTAMP_FILE: '%s/clock-${host.name}'
                """
                    .formatted(path, options.directory()))
        .orElse("");
  }

  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
