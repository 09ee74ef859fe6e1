package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts that reached this one and belong to another cluster: told once each, never let in. */
final class ForeignHosts {
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsChannel.class);
  private static final int MAX_REMEMBERED = 64;

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final HostName self;
  private final String cluster;

  ForeignHosts(HostName self, String cluster) {
    this.self = self;
    this.cluster = cluster;
  }

  void saw(String otherCluster, Optional<HostName> host, Optional<InetSocketAddress> address) {
    String other =
        "host "
            + host.map(name -> "'" + name + "'").orElse("of unknown name")
            + address.map(where -> " at " + where).orElse("");
    String sentence =
        other
            + " belongs to cluster '"
            + otherCluster
            + "', this host '"
            + self
            + "' to '"
            + cluster
            + "': they do not join; give both the same cluster name, or take one out of the"
            + " other's list of hosts";
    if (seen.size() < MAX_REMEMBERED && seen.add(sentence)) {
      LOG.warn("{}", sentence);
    }
  }

  List<String> seen() {
    return seen.stream().sorted().toList();
  }
}
