package io.nsm.agent.bench;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.wire.Json;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Agents on loopback, each as it is shipped, and what is asked of them. */
final class BenchCluster implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Path project;
  private final Path work;
  private final int hosts;
  private final BenchHosts places;
  private final long startedAt;
  private final List<Process> agents = new ArrayList<>();

  BenchCluster(Path project, BenchHosts places, int hosts, String profile)
      throws IOException, InterruptedException {
    this.project = project;
    this.places = places;
    this.work = Files.createTempDirectory("nsm-bench");
    this.hosts = hosts;
    for (int host = 1; host <= hosts; host++) {
      configure(host, profile);
      Process init = agent(host, "init").start();
      if (init.waitFor() != 0) {
        throw new IOException("nsm-agent init failed: " + Files.readString(log(host)));
      }
    }
    startedAt = System.nanoTime();
    for (int host = 1; host <= hosts; host++) {
      agents.add(agent(host, "run").start());
    }
  }

  /** When the agents were started, on the clock of {@link System#nanoTime}. */
  long startedAt() {
    return startedAt;
  }

  /** Starts the agent of a host whose agent has ended. */
  void startAgain(int host) throws IOException {
    agents.set(host - 1, agent(host, "run").start());
  }

  /** SIGKILL to an agent alone. */
  void killAgent(int host) throws InterruptedException {
    agents.get(host - 1).destroyForcibly().waitFor();
  }

  BenchHosts places() {
    return places;
  }

  private void configure(int host, String profile) throws IOException {
    StringBuilder yaml = new StringBuilder("apiVersion: nsm/v1\ncluster: bench\n");
    yaml.append("host: host").append(host).append("\nhosts:\n");
    for (int other = 1; other <= hosts; other++) {
      yaml.append("  host%d: {address: %s}%n".formatted(other, places.address(other)));
    }
    yaml.append("lease: {profile: ").append(profile).append("}\n");
    yaml.append("dataDirectory: ").append(work.resolve("host" + host)).append('\n');
    yaml.append("runDirectory: ").append(work.resolve("host" + host + "/run")).append('\n');
    yaml.append("http: {bind: ").append(places.address(host)).append("}\n");
    Files.writeString(work.resolve("host" + host + ".yaml"), yaml);
  }

  private ProcessBuilder agent(int host, String verb) {
    return new ProcessBuilder(
            places.command(
                host,
                List.of(
                    project.resolve("scripts/nsm-agent").toString(),
                    verb,
                    "--config",
                    work.resolve("host" + host + ".yaml").toString())))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(host).toFile()));
  }

  private Path log(int host) {
    return work.resolve("host" + host + ".log");
  }

  Path work() {
    return work;
  }

  /** The pid of a host's agent: the script becomes the JVM. */
  long agentPid(int host) {
    return agents.get(host - 1).pid();
  }

  /** Runs nsmctl and fails if that does. */
  String nsmctl(String... words) throws IOException, InterruptedException {
    Process process = startNsmctl(words);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + output);
    }
    return output;
  }

  /** Runs nsmctl; whether it did what it was asked. */
  boolean nsmctlWorks(String... words) throws IOException, InterruptedException {
    Process process = startNsmctl(words);
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  private Process startNsmctl(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(project.resolve("scripts/nsmctl").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("NSM_ADDR", places.address(1) + ":7402", "NSM_API_TOKEN", token()));
    return builder.start();
  }

  private String token() throws IOException {
    return Files.readString(work.resolve("host1/token")).strip();
  }

  /** What the first host that answers says. */
  Optional<ClusterStatus> status() {
    return IntStream.rangeClosed(1, hosts)
        .mapToObj(this::status)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<ClusterStatus> status(int host) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + places.address(host) + ":7402/v1/status")
                  .toURL()
                  .openConnection();
      connection.setRequestProperty("Authorization", "Bearer " + token());
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      try (var in = connection.getInputStream()) {
        return Optional.of(Json.readOwn(in.readAllBytes(), ClusterStatus.class));
      }
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  /** Looks at the status until it gives what is sought. */
  <T> T await(String what, Function<ClusterStatus, Optional<T>> seek)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      Optional<T> found = status().flatMap(seek);
      if (found.isPresent()) {
        return found.get();
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new TimeoutException(what + " did not come; see " + work);
  }

  void awaitWell() throws InterruptedException, TimeoutException {
    await("a well cluster", s -> s.health().well() ? Optional.of(true) : Optional.empty());
  }

  @Override
  public void close() throws IOException {
    agents.forEach(Process::destroy);
    for (Process agent : agents) {
      try {
        if (!agent.waitFor(20, TimeUnit.SECONDS)) {
          agent.descendants().forEach(ProcessHandle::destroyForcibly);
          agent.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
