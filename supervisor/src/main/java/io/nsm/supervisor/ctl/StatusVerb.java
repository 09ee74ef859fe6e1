package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.Health;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = {
      "Show whether all is well (first line), the hosts, and the processes.",
      "Exits with 0 if all is well, with 3 if not, with 8 without quorum. For a process that is"
          + " named: 0 if it runs as declared."
    })
final class StatusVerb extends Verb {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String CLEAR_SCREEN = "\033[H\033[2J";

  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;
  @Mixin private final Watch watch = new Watch();

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these processes.")
  private List<String> names = List.of();

  StatusVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    AgentClient client = agent.client();
    ClusterStatus cluster = only(AgentOptions.status(client));
    if (!watch.wanted()) {
      output.print(cluster, new StatusView(cluster));
      return verdict(cluster);
    }
    Optional<ClusterStatus> shown = Optional.empty();
    while (true) {
      boolean live = surroundings.outIsTerminal() && output.isForPeople();
      if (live || shown.isEmpty() || !timeless(shown.get()).equals(timeless(cluster))) {
        surroundings.out().print(live ? CLEAR_SCREEN : "");
        output.printOneOfMany(cluster, new StatusView(cluster));
        shown = Optional.of(cluster);
      }
      Duration left = watch.left(PAUSE);
      if (left.isZero()) {
        return verdict(cluster);
      }
      Awaiting.pause(left.toNanos());
      cluster = only(AgentOptions.status(client));
    }
  }

  /** The part that is asked for; its health is that of the hosts and of these processes. */
  private ClusterStatus only(ClusterStatus all) {
    if (names.isEmpty()) {
      return all;
    }
    List<ProcessStatus> processes =
        names.stream().distinct().map(name -> ActionVerb.find(all, name)).toList();
    return ClusterStatus.judged(
        all.cluster(),
        all.index(),
        all.at(),
        all.host(),
        all.quorum(),
        all.leader(),
        all.leaseProfile(),
        all.hosts(),
        processes);
  }

  private ExitCode verdict(ClusterStatus cluster) {
    if (!cluster.quorum().present()) {
      return ExitCode.UNREACHABLE;
    }
    if (names.isEmpty()) {
      return cluster.health().well() ? ExitCode.OK : ExitCode.NOT_RUNNING;
    }
    boolean stopped =
        cluster.processes().stream().anyMatch(process -> process.wanted() == Wanted.STOPPED);
    Health health =
        Health.judge(cluster.quorum(), cluster.leader(), List.of(), cluster.processes());
    return stopped || !health.well() ? ExitCode.NOT_RUNNING : ExitCode.OK;
  }

  /** Without what differs from look to look. */
  private static ClusterStatus timeless(ClusterStatus cluster) {
    return new ClusterStatus(
        cluster.cluster(),
        0,
        Instant.EPOCH,
        cluster.host(),
        cluster.health(),
        cluster.quorum(),
        cluster.leader(),
        cluster.leaseProfile(),
        cluster.hosts(),
        cluster.processes());
  }
}
