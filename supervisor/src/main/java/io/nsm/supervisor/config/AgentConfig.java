package io.nsm.supervisor.config;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How one host's agent is set up, complete: every default is filled in.
 *
 * @param hosts all hosts of the cluster, this one included, in the order of the file
 * @param voters the hosts that vote in the ledger: 1, 3 or 5
 * @param dataDirectory absolute; what must outlive a restart of the machine
 * @param runDirectory absolute; what belongs to the running processes
 * @param lease what this agent proposes for a new cluster; the one in force is in the ledger
 * @param httpBind the address of the host's own API
 * @param javaHome the JDK for processes that name none; empty for the agent's own
 * @param cgroup where control groups for runs are made: {@link #CGROUP_AUTO} for below the agent's
 *     own, {@link #CGROUP_NONE}, or the path of a group
 */
public record AgentConfig(
    String cluster,
    HostName host,
    Map<String, String> labels,
    Map<HostName, HostAddress> hosts,
    List<HostName> voters,
    Path dataDirectory,
    Path runDirectory,
    LeaseTerms lease,
    String httpBind,
    Optional<Path> javaHome,
    String cgroup) {

  public static final String CGROUP_AUTO = "auto";
  public static final String CGROUP_NONE = "none";

  /** The name of the agent's socket in the run directory. */
  public static final String SOCKET = "agent.sock";

  /** The longest path of a Unix domain socket that JDK 17 can bind, in bytes. */
  public static final int LONGEST_SOCKET_PATH = 106;

  public AgentConfig {
    labels = Map.copyOf(labels);
    hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
    voters = List.copyOf(voters);
    if (!hosts.containsKey(host) || !hosts.keySet().containsAll(voters)) {
      throw new IllegalArgumentException(host + " and voters " + voters + " must be among hosts");
    }
  }

  /** The address of this host. */
  public HostAddress own() {
    HostAddress own = hosts.get(host);
    if (own == null) {
      throw new IllegalStateException("no address of " + host);
    }
    return own;
  }

  /** Where the agent's link listens. */
  public Path socket() {
    return runDirectory.resolve(SOCKET);
  }

  /** What this host fills into what it launches. */
  public HostFacts facts() {
    return new HostFacts(host, labels);
  }

  /** What declarations for this cluster are checked against. */
  public ClusterFacts clusterFacts() {
    Set<HostName> running =
        hosts.entrySet().stream()
            .filter(entry -> !entry.getValue().witness())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return new ClusterFacts(running, Optional.of(lease));
  }

  /** The bytes of the socket's path. */
  static int socketBytes(Path runDirectory) {
    return runDirectory.resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
