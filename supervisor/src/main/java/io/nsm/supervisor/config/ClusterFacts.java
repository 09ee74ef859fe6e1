package io.nsm.supervisor.config;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the cluster that declarations are meant for; what is not known is not checked.
 *
 * @param hosts the hosts that run processes; empty when they are not known
 */
public record ClusterFacts(Set<HostName> hosts, Optional<LeaseTerms> lease) {
  /** Nothing is known: declarations are checked by themselves. */
  public static final ClusterFacts UNKNOWN = new ClusterFacts(Set.of(), Optional.empty());

  public ClusterFacts {
    hosts = Set.copyOf(hosts);
  }
}
