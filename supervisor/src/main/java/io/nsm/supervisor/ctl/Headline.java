package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in a line whether it is well. */
final class Headline {
  /** More problems than this are counted, not told: each has its place further down. */
  private static final int MAX_PROBLEMS = 3;

  private Headline() {}

  static String of(ClusterStatus cluster) {
    if (cluster.health().well()) {
      Quorum quorum = cluster.quorum();
      return "all is well: %s on %s; leader %s, %d of %s, lease %s"
          .formatted(
              Words.count(cluster.processes().size(), "process"),
              Words.count(cluster.hosts().size(), "host"),
              cluster.leader().map(Object::toString).orElse("unknown"),
              quorum.reachable(),
              Words.count(quorum.voters(), "voter"),
              cluster.leaseProfile());
    }
    List<String> problems = cluster.health().problems();
    String more =
        problems.size() > MAX_PROBLEMS
            ? " (and " + (problems.size() - MAX_PROBLEMS) + " more)"
            : "";
    return "NOT WELL: "
        + problems.stream().limit(MAX_PROBLEMS).collect(Collectors.joining("; "))
        + more;
  }

  static String of(ProcessStatus process) {
    if (process.wanted() == Wanted.STOPPED) {
      return process.name() + ": stopped by an operator" + counts(process, "; ");
    }
    if (process.mode() != Mode.ACTIVE_STANDBY) {
      String counts = counts(process, "");
      return process.name() + ": " + (counts.isEmpty() ? "no instances" : counts);
    }
    return process
        .active()
        .map(
            active ->
                "%s: ACTIVE on %s (%s, epoch %s)%s"
                    .formatted(
                        process.name(),
                        active.host(),
                        active.instance(),
                        active.epoch(),
                        counts(process, "; ")))
        .orElseGet(() -> process.name() + ": no active instance" + counts(process, "; "));
  }

  /** {@code 2 READY, 1 BACKOFF}; the active is told by its name already. */
  private static String counts(ProcessStatus process, String before) {
    Map<InstanceState, Long> counts =
        process.instances().stream()
            .map(InstanceStatus::state)
            .filter(state -> process.active().isEmpty() || state != InstanceState.ACTIVE)
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    String text =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "" : before + text;
  }
}
