package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether all is well, and if not, why: the worst first.
 *
 * @param problems one sentence each; empty if all is well
 */
public record Health(boolean well, List<String> problems) {
  public Health {
    problems = List.copyOf(problems);
    if (well != problems.isEmpty()) {
      throw new IllegalArgumentException("all is well exactly when there is no problem");
    }
  }

  /** Judges what is known of a cluster. */
  public static Health judge(
      Quorum quorum,
      Optional<HostName> leader,
      List<HostStatus> hosts,
      List<ProcessStatus> processes) {
    List<String> problems = new ArrayList<>();
    if (!quorum.present()) {
      problems.add(
          "no quorum: %d of %d voters reachable, %d needed"
              .formatted(quorum.reachable(), quorum.voters(), quorum.majority()));
    } else if (leader.isEmpty()) {
      problems.add("no leader is known: an election is under way");
    }
    hosts.stream()
        .filter(host -> host.presence() != HostStatus.Presence.UP)
        .map(Health::absence)
        .forEach(problems::add);
    processes.forEach(process -> judge(process, problems));
    return new Health(problems.isEmpty(), problems);
  }

  private static String absence(HostStatus host) {
    String what = host.presence() == HostStatus.Presence.SILENT ? "silent" : "not seen yet";
    return "host " + host.name() + " is " + what;
  }

  private static void judge(ProcessStatus process, List<String> problems) {
    process.problems().forEach(problem -> problems.add(process.name() + ": " + problem.text()));
    if (process.wanted() == Wanted.STOPPED) {
      return;
    }
    if (process.mode() == ProcessSpec.Mode.ACTIVE_STANDBY && process.active().isEmpty()) {
      problems.add(process.name() + " has no active instance");
    }
    process.instances().stream()
        .filter(instance -> !instance.state().good())
        .map(
            instance ->
                instance.id()
                    + " is "
                    + instance.state()
                    + instance.reason().map(reason -> " (" + reason + ")").orElse(""))
        .forEach(problems::add);
    long missing = process.replicas() - process.instances().size();
    if (missing > 0 && process.problems().isEmpty()) {
      problems.add(
          process.name() + " lacks " + missing + " of " + process.replicas() + " instances");
    }
  }
}
