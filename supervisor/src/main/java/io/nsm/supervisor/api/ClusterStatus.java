package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as the asked agent sees it.
 *
 * @param index how far in the ledger this view is; an action's answer says from which index on a
 *     view shows its effect
 * @param at the asked agent's wall clock
 * @param host the asked agent's host
 * @param leader the host that decides, if one is known
 * @param leaseProfile {@code fast}, {@code balanced} or {@code patient}
 */
public record ClusterStatus(
    String cluster,
    long index,
    Instant at,
    HostName host,
    Health health,
    Quorum quorum,
    Optional<HostName> leader,
    String leaseProfile,
    List<HostStatus> hosts,
    List<ProcessStatus> processes) {
  public ClusterStatus {
    hosts = List.copyOf(hosts);
    processes = List.copyOf(processes);
  }

  /** A status whose health is judged from the rest of it. */
  public static ClusterStatus judged(
      String cluster,
      long index,
      Instant at,
      HostName host,
      Quorum quorum,
      Optional<HostName> leader,
      String leaseProfile,
      List<HostStatus> hosts,
      List<ProcessStatus> processes) {
    return new ClusterStatus(
        cluster,
        index,
        at,
        host,
        Health.judge(quorum, leader, hosts, processes),
        quorum,
        leader,
        leaseProfile,
        hosts,
        processes);
  }

  /** The status of one process. */
  public Optional<ProcessStatus> process(ProcessName name) {
    return processes.stream().filter(process -> process.name().equals(name)).findFirst();
  }
}
