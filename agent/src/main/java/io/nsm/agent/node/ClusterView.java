package io.nsm.agent.node;

import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.Health;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.config.HostAddress;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.reconcile.Placing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts together, for people, what one agent knows: its copy of the ledger, who can be reached, and
 * what the hosts say of their instances.
 *
 * @param leaderIndex how far the leader's own copy is, as it says; -1 if it did not say
 * @param reports by host; a host that is not in it said nothing
 */
record ClusterView(
    AgentConfig config,
    LedgerState state,
    long index,
    Optional<HostName> leader,
    Set<HostName> reachable,
    long leaderIndex,
    Map<HostId, List<InstanceReport>> reports,
    Instant at) {

  /** So many entries a copy may be behind in the course of its work. */
  private static final long BEHIND = 500;

  ClusterStatus status() {
    ClusterStatus judged = judged();
    boolean behind = index < 0 || leaderIndex - index > BEHIND;
    if (!behind) {
      return judged;
    }
    List<String> problems = new ArrayList<>(judged.health().problems());
    problems.add(
        "this agent's copy of the ledger is at %d%s: what it shows is old; restart this agent if it stays so"
            .formatted(index, leaderIndex < 0 ? "" : ", the leader's at " + leaderIndex));
    return new ClusterStatus(
        judged.cluster(),
        judged.index(),
        judged.at(),
        judged.host(),
        new Health(false, problems),
        judged.quorum(),
        judged.leader(),
        judged.leaseProfile(),
        judged.hosts(),
        judged.processes());
  }

  private ClusterStatus judged() {
    return ClusterStatus.judged(
        config.cluster(),
        index,
        at,
        config.host(),
        quorum(),
        leader,
        state.lease().orElse(config.lease()).profile(),
        hosts(),
        processes());
  }

  private Quorum quorum() {
    int voters = config.voters().size();
    int here = (int) config.voters().stream().filter(reachable::contains).count();
    return new Quorum(here > voters / 2, voters, here);
  }

  private List<HostStatus> hosts() {
    List<HostStatus> hosts = new ArrayList<>();
    config.hosts().forEach((name, address) -> hosts.add(host(name, address)));
    return hosts;
  }

  private HostStatus host(HostName name, HostAddress address) {
    Optional<HostEntry> entry = state.host(name);
    HostStatus.Presence presence =
        reachable.contains(name)
            ? HostStatus.Presence.UP
            : entry.isPresent() ? HostStatus.Presence.SILENT : HostStatus.Presence.NEVER_SEEN;
    HostStatus.Role role =
        address.witness()
            ? HostStatus.Role.WITNESS
            : config.voters().contains(name) ? HostStatus.Role.VOTER : HostStatus.Role.MEMBER;
    return new HostStatus(
        name,
        address.address() + ":" + address.controlPort(),
        role,
        presence,
        Optional.empty(),
        entry.map(e -> e.incarnation().id()));
  }

  private List<ProcessStatus> processes() {
    return new TreeMap<>(state.processes()).values().stream().map(this::process).toList();
  }

  ProcessStatus process(LedgerState.Process process) {
    return new ProcessStatus(
        process.name(),
        process.spec().mode(),
        process.running() ? Wanted.RUNNING : Wanted.STOPPED,
        process.revision(),
        process.spec().replicas(),
        process.grant().epoch(),
        active(process),
        instances(process),
        problems(process));
  }

  /**
   * Who is active: holds the grant where others stand by, and says itself that it acts. A one-shot
   * that runs holds one as well, and none stands by.
   */
  Optional<ActiveInstance> active(LedgerState.Process process) {
    return process.spec().mode() == ProcessSpec.Mode.ACTIVE_STANDBY
        ? acting(process)
        : Optional.empty();
  }

  private Optional<ActiveInstance> acting(LedgerState.Process process) {
    Optional<Grant.Held> holder = process.holder();
    if (holder.isEmpty()) {
      return Optional.empty();
    }
    return report(holder.get().host(), holder.get().instance())
        .filter(report -> report.acting().equals(Optional.of(holder.get().epoch())))
        .flatMap(
            report ->
                state
                    .host(holder.get().host())
                    .map(
                        host ->
                            new ActiveInstance(
                                report.instance(),
                                host.name(),
                                holder.get().epoch(),
                                at.minusMillis(report.sinceMillis()))));
  }

  private Optional<InstanceReport> report(HostId host, InstanceId instance) {
    return Optional.ofNullable(reports.get(host)).stream()
        .flatMap(List::stream)
        .filter(report -> report.instance().equals(instance))
        .findFirst();
  }

  private List<InstanceStatus> instances(LedgerState.Process process) {
    return new TreeMap<>(process.placements())
        .entrySet().stream()
            .map(
                place ->
                    instance(
                        process, new InstanceId(process.name(), place.getKey()), place.getValue()))
            .toList();
  }

  private InstanceStatus instance(LedgerState.Process process, InstanceId id, HostId host) {
    Optional<HostName> name = state.host(host).map(HostEntry::name);
    Optional<InstanceReport> said =
        report(host, id).filter(r -> name.map(reachable::contains).orElse(false));
    if (said.isEmpty()) {
      boolean here = name.map(reachable::contains).orElse(false);
      InstanceState state = here ? InstanceState.STARTING : InstanceState.UNKNOWN;
      return new InstanceStatus(
          id,
          name,
          Optional.empty(),
          Optional.empty(),
          process.running() || !here ? state : InstanceState.STOPPED,
          here ? Optional.empty() : Optional.of("HOST_LOST"),
          at,
          0,
          false,
          false,
          Optional.empty());
    }
    InstanceReport report = said.get();
    InstanceState state = InstanceState.valueOf(report.state().name());
    return new InstanceStatus(
        id,
        name,
        report.run(),
        report.pid(),
        finished(process) ? outcome(process) : state,
        report.reason(),
        at.minusMillis(report.sinceMillis()),
        report.restarts(),
        state.good() && report.unready().isEmpty(),
        report.pid().isPresent(),
        report.nextStartMillis().map(at::plusMillis));
  }

  private static boolean finished(LedgerState.Process process) {
    return process.running() && process.finished();
  }

  private static InstanceState outcome(LedgerState.Process process) {
    return process.outcome().map(LedgerState.Outcome::success).orElse(false)
        ? InstanceState.COMPLETED
        : InstanceState.FAILED;
  }

  /** Whether all hosts that can be reached are in the ledger; of others nothing is known yet. */
  private boolean joined() {
    return reachable.stream().allMatch(host -> state.host(host).isPresent());
  }

  private List<Problem> problems(LedgerState.Process process) {
    int missing = process.spec().replicas() - process.placements().size();
    if (!process.running() || missing <= 0 || !joined()) {
      return List.of();
    }
    List<HostName> allowed =
        state.hosts().values().stream()
            .filter(host -> Placing.allowed(process.spec(), host))
            .map(HostEntry::name)
            .sorted()
            .toList();
    boolean noRoom =
        allowed.isEmpty()
            || (process.spec().placement().antiAffinity()
                && allowed.size() < process.spec().replicas());
    return noRoom
        ? List.of(
            new Problem(
                Problem.CANNOT_BE_PLACED,
                "%d of %d instances have no host: placement allows %s"
                    .formatted(
                        missing, process.spec().replicas(), allowed.isEmpty() ? "none" : allowed)))
        : List.of();
  }

  /** Sentences that say why a process is as it is. */
  List<String> why(LedgerState.Process process) {
    List<String> why = new ArrayList<>();
    if (!process.running()) {
      why.add(
          process.starts() == 0
              ? "it has not been started: nsmctl start " + process.name()
              : "an operator stopped it");
    }
    if (!quorum().present()) {
      why.add("no majority of voters can be reached: nothing is granted, actives stop");
    }
    process
        .outcome()
        .ifPresent(
            outcome ->
                why.add(
                    "its last run %s (%s)"
                        .formatted(outcome.success() ? "completed" : "failed", outcome.reason())));
    if (process.running() && process.exclusive() && !process.finished()) {
      why.add(grant(process));
    }
    process
        .handOver()
        .ifPresent(
            wish -> why.add("epoch " + wish.from() + " is asked to hand over: " + wish.why()));
    return why;
  }

  private String grant(LedgerState.Process process) {
    return process
        .grant()
        .match(
            new Grant.Cases<String>() {
              @Override
              public String held(Grant.Held held) {
                String where = held.instance() + " on " + state.nameOf(held.host());
                boolean acts = acting(process).isPresent();
                return "epoch %s is granted to %s, which %s"
                    .formatted(
                        held.epoch(), where, acts ? "acts" : "does not say yet that it acts");
              }

              @Override
              public String vacant(Grant.Vacant vacant) {
                return "nobody holds its grant (last epoch %s: %s); the first instance that is ready gets it"
                    .formatted(vacant.epoch(), vacant.why());
              }
            });
  }

  /** How long a host may act without an answer, for messages. */
  LeaseTerms lease() {
    return state.lease().orElse(config.lease());
  }
}
