package io.nsm.agent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@link Stamper}s wrote, on the clock that all processes of a machine share. */
record Stamps(Path file) {
  private static final long PATIENCE_SECONDS = 120;

  List<String> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** When the next {@code activate} after some lines was entered. */
  long entered(int after) throws IOException, InterruptedException, TimeoutException {
    return time(await("A", after));
  }

  /** When the next {@code deactivate} after some lines had returned. */
  long left(int after) throws IOException, InterruptedException, TimeoutException {
    return time(await("D", after));
  }

  private static long time(String line) {
    return Long.parseLong(line.split(" ")[2]);
  }

  /** The next line of a kind after some lines. */
  String await(String kind, int after) throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      Optional<String> next =
          lines().stream().skip(after).filter(line -> line.startsWith(kind)).findFirst();
      if (next.isPresent()) {
        return next.get();
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    throw new TimeoutException("no stamp " + kind + " came in " + file);
  }

  /** A declaration of processes that stamp into this file; the last two as {@link Stamper} says. */
  String declaration(
      List<String> names, int replicas, String classPath, int saves, int pauseMillis) {
    StringBuilder yaml = new StringBuilder("apiVersion: nsm/v1\nprocesses:\n");
    String jars =
        String.join(", ", Arrays.stream(classPath.split(":")).map(p -> '"' + p + '"').toList());
    for (String name : names) {
      yaml.append(
          """
            %s:
              mode: active-standby
              replicas: %d
              java:
                mainClass: io.nsm.agent.bench.Stamper
                classpath: [%s]
                jvmOptions: ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
                args: ["%s", "%d", "%d"]
              placement: {antiAffinity: host}
              restart: {backoff: {initial: 100ms, max: 100ms}, limit: {attempts: 1000, interval: 10m, then: retry-slowly}}
          """
              .indent(2)
              .formatted(name, replicas, jars, file, saves, pauseMillis));
    }
    return yaml.toString();
  }
}
