package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.HostStatus.Presence;
import io.nsm.supervisor.api.HostStatus.Role;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Clusters to judge and to show. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final ProcessName IMPORTER = new ProcessName("importer");
  static final ProcessName EXPORTER = new ProcessName("exporter");

  private Samples() {}

  static InstanceStatus instance(String id, String host, long run, InstanceState state) {
    boolean waits = state == InstanceState.BACKOFF;
    return new InstanceStatus(
        InstanceId.parse(id),
        Optional.of(new HostName(host)),
        Optional.of(run(run)),
        state.running() ? Optional.of(4000 + run) : Optional.empty(),
        state,
        waits || state == InstanceState.FAILED ? Optional.of("EXIT_1") : Optional.empty(),
        NOW.minusSeconds(200),
        waits ? 3 : 0,
        state.good(),
        state.running(),
        waits ? Optional.of(NOW.plusSeconds(4)) : Optional.empty());
  }

  static RunId run(long counter) {
    return new RunId(new Incarnation("a1"), counter);
  }

  static ProcessStatus importer(Wanted wanted, long epoch, InstanceStatus... instances) {
    Optional<ActiveInstance> active =
        List.of(instances).stream()
            .filter(one -> one.state() == InstanceState.ACTIVE)
            .findFirst()
            .map(
                one ->
                    new ActiveInstance(
                        one.id(), one.host().orElseThrow(), new Epoch(epoch), one.since()));
    return new ProcessStatus(
        IMPORTER,
        Mode.ACTIVE_STANDBY,
        wanted,
        3,
        2,
        new Epoch(epoch),
        active,
        List.of(instances),
        List.of());
  }

  static ProcessStatus exporter(InstanceStatus... instances) {
    return new ProcessStatus(
        EXPORTER,
        Mode.ONE_SHOT,
        Wanted.RUNNING,
        1,
        1,
        Epoch.NONE,
        Optional.empty(),
        List.of(instances),
        List.of());
  }

  static ProcessStatus unplaced() {
    return new ProcessStatus(
        new ProcessName("server"),
        Mode.REPLICATED,
        Wanted.RUNNING,
        1,
        2,
        Epoch.NONE,
        Optional.empty(),
        List.of(),
        List.of(new Problem(Problem.CANNOT_BE_PLACED, "no host has zone=a")));
  }

  static HostStatus host(String name, Role role, Presence presence) {
    return new HostStatus(
        new HostName(name),
        name + ".example:7400",
        role,
        presence,
        presence == Presence.NEVER_SEEN ? Optional.empty() : Optional.of(NOW.minusSeconds(90_000)),
        Optional.of("a1"));
  }

  static ClusterStatus healthy(ProcessStatus... processes) {
    return cluster(
        new Quorum(true, 3, 3),
        List.of(
            host("host1", Role.VOTER, Presence.UP),
            host("host2", Role.VOTER, Presence.UP),
            host("w", Role.WITNESS, Presence.UP)),
        processes);
  }

  static ClusterStatus cluster(Quorum quorum, List<HostStatus> hosts, ProcessStatus... processes) {
    return ClusterStatus.judged(
        "test",
        10,
        NOW,
        new HostName("host1"),
        quorum,
        quorum.present() ? Optional.of(new HostName("host1")) : Optional.empty(),
        "balanced",
        hosts,
        List.of(processes));
  }
}
