package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.InstanceId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = {
      "Show the output of a process, of all its instances on all hosts.",
      "Of several instances each line begins with the name of its instance. Lines carry no time,"
          + " so those of different instances stand one instance after the other; with -f as they"
          + " come.",
      "With -f it goes on over restarts, failovers and moves to other hosts, shows in between, after"
          + " '---', who was promoted, demoted or ended, and ends with a one-shot process.",
      "The agents note each second how much was written; so --since shows up to a second more than"
          + " was asked for, and of what is older than an hour or so rather more."
    })
final class LogsVerb extends Verb {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int MAX_LINES = 10_000;
  private static final int LAST_LINES = 100;

  @Mixin private final AgentOptions agent;

  @Parameters(
      index = "0",
      paramLabel = "NAME[/INSTANCE]",
      description = "The process, or one instance of it.")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on, and show what comes.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "COUNT",
      description = "The last so many of each instance; at most 10000. Default: 100.")
  private Optional<Integer> wanted = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "All that was written in this time until now, by earlier runs too: 90s, 5m, 2h.")
  private Optional<Duration> since = Optional.empty();

  @Option(names = "--previous", description = "Of the run before the current or last one.")
  private boolean previous;

  @Option(names = "--instance", paramLabel = "NUMBER", description = "Only of this instance.")
  private Optional<Integer> instance = Optional.empty();

  @Option(names = "--stderr", description = "What was written to stderr instead of stdout.")
  private boolean stderr;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "With -f, go on so long: 30s, 5m. Default: until it is interrupted.")
  private Optional<Duration> timeout = Optional.empty();

  LogsVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
  }

  @Override
  ExitCode run() {
    if (wanted.isPresent() && (wanted.get() < 1 || wanted.get() > MAX_LINES)) {
      throw new Failure(ExitCode.USAGE, "-n " + wanted.get() + ": not from 1 to " + MAX_LINES);
    }
    if (since.isPresent() && (wanted.isPresent() || previous)) {
      throw new Failure(
          ExitCode.USAGE, "--since says by itself where to begin: leave out -n and --previous");
    }
    long start = System.nanoTime();
    AgentClient client = agent.client();
    List<InstanceId> instances = instances(client);
    Map<InstanceId, String> positions = new LinkedHashMap<>();
    List<Failure> failures = new ArrayList<>();
    for (InstanceId each : instances) {
      try {
        first(client, each, instances.size() > 1).ifPresent(next -> positions.put(each, next));
      } catch (Failure failure) {
        // One host that does not answer must not hide what the others have.
        surroundings.err().println("nsmctl: " + each + ": " + failure.getMessage());
        failures.add(failure);
      }
    }
    if (!follow && failures.size() == instances.size() && !failures.isEmpty()) {
      throw failures.get(0);
    }
    if (follow) {
      follow(client, positions, start);
      return ExitCode.OK;
    }
    return failures.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
  }

  /**
   * Shows what comes, over restarts, moves and failovers: what does not answer now may answer
   * later. Ends with a one-shot process.
   */
  private void follow(AgentClient client, Map<InstanceId, String> positions, long start) {
    LogFollowing following = new LogFollowing(client, surroundings, name.split("/", 2)[0]);
    while (!over(start)) {
      Awaiting.pause(PAUSE.toNanos());
      boolean any = false;
      List<InstanceId> instances = following.instances(this::chosen);
      for (InstanceId each : instances) {
        any |=
            following.answers(each.toString(), () -> onwards(client, each, positions, instances));
      }
      following.showRoleChanges();
      if (following.over(instances, any)) {
        return;
      }
    }
  }

  /** Whether there was anything new; without a position the newest run is shown from its start. */
  private boolean onwards(
      AgentClient client,
      InstanceId id,
      Map<InstanceId, String> positions,
      List<InstanceId> instances) {
    LogChunk chunk = chunk(client, id, Optional.ofNullable(positions.get(id)));
    show(chunk, instances.size() > 1)
        .ifPresentOrElse(next -> positions.put(id, next), () -> positions.remove(id));
    return !chunk.lines().isEmpty();
  }

  private boolean chosen(InstanceId id) {
    int slash = name.indexOf('/');
    Optional<Integer> one = slash < 0 ? instance : Optional.of(number(name.substring(slash + 1)));
    return one.isEmpty() || one.get() == id.number();
  }

  /** Shows what is there already: the last lines, or all since a time. */
  private Optional<String> first(AgentClient client, InstanceId id, boolean withName) {
    Optional<String> next = show(chunk(client, id, Optional.empty()), withName);
    boolean more = since.isPresent();
    while (more && next.isPresent()) {
      Optional<String> before = next;
      next = show(chunk(client, id, before), withName);
      more = !next.equals(before);
    }
    return next;
  }

  private boolean over(long start) {
    return timeout.filter(time -> System.nanoTime() - start > time.toNanos()).isPresent();
  }

  private List<InstanceId> instances(AgentClient client) {
    int slash = name.indexOf('/');
    String process = slash < 0 ? name : name.substring(0, slash);
    ProcessStatus status = ActionVerb.find(AgentOptions.status(client), process);
    boolean one = slash >= 0 || instance.isPresent();
    List<InstanceId> instances =
        status.instances().stream().map(InstanceStatus::id).filter(this::chosen).toList();
    if (instances.isEmpty() && (one || !follow)) {
      throw new Failure(
          ExitCode.NO_SUCH,
          one
              ? "there is no instance " + (slash >= 0 ? name : process + "/" + instance.orElse(0))
              : process + " has no instances");
    }
    return instances;
  }

  private int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notOne) {
      throw new Failure(
          ExitCode.USAGE, "'" + name + "' is not an instance", "write it as importer/1");
    }
  }

  private LogChunk chunk(AgentClient client, InstanceId id, Optional<String> from) {
    String path =
        "/v1/logs/%s/%d?stream=%s&previous=%s&lines=%d%s"
            .formatted(
                id.process(),
                id.number(),
                stderr ? "stderr" : "stdout",
                previous,
                from.isPresent() || since.isPresent() ? MAX_LINES : wanted.orElse(LAST_LINES),
                from.map(at -> "&from=" + URLEncoder.encode(at, StandardCharsets.UTF_8))
                    .or(() -> since.map(time -> "&since=" + seconds(time)))
                    .orElse(""));
    return client.get(path, LogChunk.class);
  }

  /** In whole ones, rather one more. */
  private static long seconds(Duration time) {
    return time.plusMillis(999).toSeconds();
  }

  /** Shows lines, and says where to read on. */
  private Optional<String> show(LogChunk chunk, boolean withName) {
    if (chunk.missed()) {
      surroundings.err().println("nsmctl: " + chunk.instance() + ": some lines are gone already");
    }
    String prefix = withName ? chunk.instance() + "@" + chunk.host() + " | " : "";
    chunk.lines().forEach(line -> surroundings.out().println(prefix + line));
    surroundings.out().flush();
    return chunk.next();
  }
}
