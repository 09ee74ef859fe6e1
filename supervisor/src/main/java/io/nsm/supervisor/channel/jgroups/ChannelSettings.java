package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * How a host takes part in the channel.
 *
 * @param cluster hosts of another cluster name are not let in
 * @param self the name of this host
 * @param bind where this host listens; the port {@link #SUSPICION_PORT_OFFSET} above it must be
 *     free as well
 * @param hosts where every host of the cluster listens, this one included
 * @param silence how long a host may be unheard of before it is taken for unreachable; a closed
 *     connection is noticed at once whatever this is
 */
public record ChannelSettings(
    String cluster,
    HostName self,
    InetSocketAddress bind,
    Map<HostName, InetSocketAddress> hosts,
    Duration silence) {

  /** A second listener whose closed connections tell of a process that ended. */
  public static final int SUSPICION_PORT_OFFSET = 100;

  /** Below two seconds healthy hosts were suspected on a busy machine. */
  public static final Duration SILENCE = Duration.ofSeconds(4);

  public ChannelSettings {
    hosts = Map.copyOf(hosts);
    if (cluster.isBlank()) {
      throw new IllegalArgumentException("the cluster name is blank; expected a name");
    }
    if (bind.isUnresolved() || bind.getPort() == 0) {
      throw new IllegalArgumentException(
          "bind address " + bind + " must be an address of this host and a fixed port");
    }
    if (bind.getAddress().isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "bind address " + bind + " is every address of this host; name the one to listen on");
    }
    if (!hosts.containsKey(self)) {
      throw new IllegalArgumentException(
          "host '" + self + "' is not among the hosts of the cluster: " + hosts.keySet());
    }
  }

  public ChannelSettings(
      String cluster,
      HostName self,
      InetSocketAddress bind,
      Map<HostName, InetSocketAddress> hosts) {
    this(cluster, self, bind, hosts, SILENCE);
  }
}
