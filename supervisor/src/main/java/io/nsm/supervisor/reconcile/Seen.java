package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a leader sees of the cluster at one instant.
 *
 * @param term the leader's term
 * @param overdue processes whose holder did not report in time that it acts
 * @param shunned instances that failed to act not long ago; chosen only if there is no other
 * @param givenUp grants of which the holder's own agent says that nothing acts under them
 */
public record Seen(
    long term,
    Map<HostId, Host> hosts,
    Set<ProcessName> overdue,
    Set<InstanceId> shunned,
    Map<ProcessName, GivenUp> givenUp) {

  public Seen {
    hosts = Map.copyOf(hosts);
    overdue = Set.copyOf(overdue);
    shunned = Set.copyOf(shunned);
    givenUp = Map.copyOf(givenUp);
  }

  /** What an agent says of a grant that it held. */
  public record GivenUp(Epoch epoch, Command.Evidence.GivenUp evidence) {}

  /**
   * One host.
   *
   * @param answered whether this leader answered a renewal of it not long ago, so that it can act
   * @param gone whether nothing of it can act any more
   * @param reports what it says of its instances
   */
  public record Host(boolean answered, boolean gone, List<InstanceReport> reports) {
    public Host {
      reports = List.copyOf(reports);
    }
  }

  Optional<Host> host(HostId id) {
    return Optional.ofNullable(hosts.get(id));
  }

  boolean answered(HostId id) {
    return host(id).map(Host::answered).orElse(false);
  }

  boolean gone(HostId id) {
    return host(id).map(Host::gone).orElse(false);
  }

  /**
   * Whether a host says that an instance of the process acts without a grant: it was replicated,
   * and that replica has not ended yet.
   */
  boolean replicasLeft(ProcessName process) {
    return hosts.values().stream()
        .flatMap(host -> host.reports().stream())
        .anyMatch(report -> report.instance().process().equals(process) && report.actsUngranted());
  }

  Optional<InstanceReport> report(HostId id, InstanceId instance) {
    return host(id)
        .flatMap(
            host ->
                host.reports().stream()
                    .filter(report -> report.instance().equals(instance))
                    .findFirst());
  }
}
