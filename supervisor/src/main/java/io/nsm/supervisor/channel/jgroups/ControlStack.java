package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.model.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;

/**
 * The protocols of the channel, bottom up. Built here and not read from a file, so that nothing can
 * fall back to a stack with multicast.
 */
final class ControlStack {
  private static final int MAX_THREADS = 32;
  private static final int FRAGMENT_BYTES = 60_000;

  private ControlStack() {}

  /**
   * No flow control: it would block the sender, and every message here is bounded otherwise (a
   * limit on questions under way, one Raft message at a time to each host).
   */
  static List<Protocol> protocols(ChannelSettings settings, GuardedTcp transport) {
    return List.of(
        tcp(settings, transport),
        discovery(settings),
        new MERGE3().setMinInterval(500).setMaxInterval(1_500),
        closedConnections(settings),
        silence(settings),
        new VERIFY_SUSPECT2().setTimeout(100),
        new NAKACK2().useMcastXmit(false),
        new UNICAST3(),
        new STABLE(),
        membership(settings),
        fragments());
  }

  private static Protocol tcp(ChannelSettings settings, GuardedTcp tcp) {
    tcp.setBindAddress(settings.bind().getAddress());
    tcp.setBindPort(settings.bind().getPort());
    tcp.setPortRange(0);
    // Without it: 28 ms for a message that takes 0.5.
    tcp.tcpNodelay(true);
    // A connect to a host that is gone holds up whoever sends to it next.
    tcp.setSockConnTimeout(50);
    // One sender thread for each host: a host that is cut off or stopped holds up only itself.
    PerDestinationBundler senders = new PerDestinationBundler();
    senders.useSingleSenderThread(false);
    tcp.setBundler(senders);
    tcp.getThreadPool().setMinThreads(0).setMaxThreads(MAX_THREADS);
    tcp.disableDiagnostics();
    return tcp;
  }

  private static Protocol discovery(ChannelSettings settings) {
    Map<HostName, InetSocketAddress> hosts = settings.hosts();
    List<PhysicalAddress> others =
        hosts.entrySet().stream()
            .filter(host -> !host.getKey().equals(settings.self()))
            .map(host -> (PhysicalAddress) new IpAddress(host.getValue()))
            .collect(Collectors.toList());
    return new TCPPING().setInitialHosts2(others).setPortRange(0);
  }

  private static Protocol closedConnections(ChannelSettings settings) {
    FD_SOCK2 protocol = new FD_SOCK2();
    // Without a bind address it listens on all of them.
    protocol.setBindAddress(settings.bind().getAddress());
    return protocol.setOffset(ChannelSettings.SUSPICION_PORT_OFFSET).setPortRange(0);
  }

  private static Protocol silence(ChannelSettings settings) {
    long millis = settings.silence().toMillis();
    return new FD_ALL3().setTimeout(millis).setInterval(millis / 4);
  }

  private static Protocol membership(ChannelSettings settings) {
    GMS gms = new GMS();
    gms.printLocalAddress(false);
    // A host without others has nobody to wait for.
    gms.setJoinTimeout(settings.hosts().size() == 1 ? 1 : 500);
    gms.setMaxJoinAttempts(settings.hosts().size() == 1 ? 1 : 4);
    gms.setLeaveTimeout(500);
    return gms;
  }

  private static Protocol fragments() {
    FRAG4 protocol = new FRAG4();
    protocol.setFragSize(FRAGMENT_BYTES);
    return protocol;
  }
}
