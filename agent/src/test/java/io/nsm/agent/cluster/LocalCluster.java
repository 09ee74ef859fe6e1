package io.nsm.agent.cluster;

import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.config.Declarations;
import io.nsm.supervisor.ledger.raft.LedgerException;
import io.nsm.supervisor.ledger.raft.VoterStore;
import io.nsm.supervisor.model.ProcessName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hosts on addresses of loopback, each with an agent that is a program of its own. What it started
 * is gone when it is closed, and if the JVM ends without that.
 */
final class LocalCluster implements AutoCloseable {
  /** How the witness is called, if there is one. */
  static final String WITNESS = "tie";

  private final Path directory;
  private final Map<String, LocalHost> hosts;
  private final Thread atExit = new Thread(this::killAll, "kill-agents");

  /**
   * Prepares hosts; none runs yet.
   *
   * @param net three numbers of loopback that nobody else uses: {@code 127.81.1}
   * @param profile of the lease
   * @param names in order of their addresses; the host {@link #WITNESS} is one
   */
  LocalCluster(String net, String profile, List<String> names) {
    this(net, profile, names, name -> List.of(), LocalHost.OWN_JAVA);
  }

  /** As above, with a program for each host that starts its programs, and another JDK. */
  LocalCluster(
      String net,
      String profile,
      List<String> names,
      Function<String, List<String>> prefixes,
      Path javaHome) {
    try {
      directory = Files.createTempDirectory("nsm");
      String all =
          names.stream()
              .map(
                  name ->
                      "  %s: {address: %s.%d%s}\n"
                          .formatted(
                              name,
                              net,
                              names.indexOf(name) + 1,
                              name.equals(WITNESS) ? ", witness: true" : ""))
              .collect(Collectors.joining());
      hosts =
          names.stream()
              .map(
                  name ->
                      new LocalHost(
                          directory,
                          name,
                          net + "." + (names.indexOf(name) + 1),
                          prefixes.apply(name),
                          javaHome))
              .collect(
                  Collectors.toMap(
                      LocalHost::name,
                      Function.identity(),
                      (a, b) -> a,
                      java.util.LinkedHashMap::new));
      for (LocalHost host : hosts.values()) {
        host.configure(
            """
            apiVersion: nsm/v1
            cluster: test
            host: %s
            hosts:
            %slease: {profile: %s}
            dataDirectory: %s
            runDirectory: %s
            http: {bind: %s}
            """
                .formatted(host.name(), all, profile, host.data(), host.run(), host.address()));
        VoterStore.initialise(host.data().resolve("ledger"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LedgerException e) {
      throw new IllegalStateException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Where tests may write. */
  Path directory() {
    return directory;
  }

  LocalHost host(String name) {
    return Optional.ofNullable(hosts.get(name)).orElseThrow();
  }

  void startAll() {
    hosts.values().stream().filter(host -> !host.runs()).forEach(LocalHost::start);
  }

  /** The API of an agent that runs. */
  AgentApi api() {
    return hosts.values().stream()
        .filter(LocalHost::runs)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no agent runs"))
        .api();
  }

  /** Declares processes, once the cluster can decide. */
  void apply(String yaml) {
    var declared = Declarations.readText("test", yaml, Map.of(), ClusterFacts.UNKNOWN);
    ApplyRequest request =
        new ApplyRequest(
            UUID.randomUUID().toString(), Optional.empty(), declared.processes(), false);
    asked("the declaration to be applied", api -> api.apply(request));
  }

  /** An answer of the cluster, asked for until there is one. */
  <T> T asked(String what, Question<T> question) {
    StringBuilder last = new StringBuilder();
    return Await.value(
        what,
        () -> {
          try {
            return Optional.of(question.ask(api()));
          } catch (AgentApi.Refused refused) {
            last.setLength(0);
            last.append(refused.getMessage());
            return Optional.empty();
          }
        },
        () -> last + "\n" + seen());
  }

  interface Question<T> {
    T ask(AgentApi api) throws AgentApi.Refused;
  }

  /** Waits until an agent sees the cluster so. */
  ClusterStatus await(String what, Predicate<ClusterStatus> condition) {
    return Await.value(what, () -> status().filter(condition), this::seen);
  }

  /** Waits until an agent sees a process so. */
  ProcessStatus await(String what, String process, Predicate<ProcessStatus> condition) {
    return Await.value(
        process + ": " + what,
        () -> status().flatMap(s -> s.process(new ProcessName(process))).filter(condition),
        this::seen);
  }

  ClusterStatus awaitWell() {
    return await("all to be well", status -> status.health().well());
  }

  Optional<ClusterStatus> status() {
    try {
      return Optional.of(api().status());
    } catch (AgentApi.Refused refused) {
      return Optional.empty();
    }
  }

  /** The instance that acts; to be asked where one does. */
  static InstanceStatus active(ProcessStatus process) {
    var active = process.active().orElseThrow(() -> new AssertionError("nobody acts: " + process));
    return process.instances().stream()
        .filter(instance -> instance.id().equals(active.instance()))
        .findFirst()
        .orElseThrow();
  }

  LocalHost hostOf(InstanceStatus instance) {
    return host(instance.host().orElseThrow().name());
  }

  /** What there is to know when a test fails. */
  String seen() {
    StringBuilder text = new StringBuilder();
    status().ifPresent(status -> text.append(io.nsm.supervisor.wire.Json.pretty(status)));
    hosts.values().forEach(host -> text.append('\n').append(host.log()));
    return text.toString();
  }

  void killAll() {
    hosts.values().forEach(LocalHost::killAll);
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
