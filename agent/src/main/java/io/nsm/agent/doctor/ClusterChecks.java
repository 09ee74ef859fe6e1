package io.nsm.agent.doctor;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.Quorum;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Judges what a host knows of its cluster. Pure. */
public final class ClusterChecks {
  private ClusterChecks() {}

  /** The checks {@code quorum}, {@code voters} and {@code hosts}. */
  public static List<Check> of(ClusterStatus cluster) {
    return List.of(quorum(cluster), voters(cluster.quorum()), hosts(cluster.hosts()));
  }

  private static Check quorum(ClusterStatus cluster) {
    Quorum quorum = cluster.quorum();
    String count = quorum.reachable() + " of " + quorum.voters() + " voters reachable";
    if (!quorum.present()) {
      return new Check(
          "quorum",
          Verdict.FAIL,
          count + ", " + quorum.majority() + " needed: nothing is decided",
          Optional.of("start the agents of the silent voters, or mend the network to them"));
    }
    return new Check(
        "quorum",
        Verdict.OK,
        count + cluster.leader().map(leader -> ", " + leader + " leads").orElse(""),
        Optional.empty());
  }

  private static Check voters(Quorum quorum) {
    int voters = quorum.voters();
    String text = voters + (voters == 1 ? " voter" : " voters");
    int bearable = voters - quorum.majority();
    if (voters == 1) {
      return new Check(
          "voters",
          Verdict.WARN,
          text + ": fine for one host; nothing takes over when it is lost",
          Optional.of("for a cluster let three hosts vote, or two and a witness"));
    }
    if (bearable == 0) {
      return new Check(
          "voters",
          Verdict.WARN,
          text + ": the loss of either one stops all decisions",
          Optional.of("add a witness: a third host that votes and runs no processes"));
    }
    if (voters % 2 == 0) {
      return new Check(
          "voters",
          Verdict.WARN,
          text + " bear the loss of " + bearable + ", as " + (voters - 1) + " would",
          Optional.of("let one vote less, or one more"));
    }
    return new Check(
        "voters", Verdict.OK, text + " bear the loss of " + bearable, Optional.empty());
  }

  private static Check hosts(List<HostStatus> hosts) {
    String absent =
        hosts.stream()
            .filter(host -> host.presence() != HostStatus.Presence.UP)
            .map(host -> host.name() + " (" + host.address() + ")")
            .collect(Collectors.joining(", "));
    return absent.isEmpty()
        ? new Check("hosts", Verdict.OK, "all " + hosts.size() + " reachable", Optional.empty())
        : new Check(
            "hosts",
            Verdict.WARN,
            "not reachable: " + absent,
            Optional.of("see whether their agents run, and whether their ports are open to here"));
  }
}
