package io.nsm.agent.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/**
 * The yardstick: one member of a bare JGroups group with the protocols' own defaults, that prints
 * when it became the coordinator. Arguments: its own ADDRESS:PORT, then those of all.
 */
public final class BareGroup {
  private BareGroup() {}

  public static void main(String[] args) throws Exception {
    InetSocketAddress own = socket(args[0]);
    InetAddress address = own.getAddress();
    List<InetSocketAddress> all = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      all.add(socket(args[i]));
    }
    TCP tcp = new TCP();
    tcp.setBindAddress(address).setBindPort(own.getPort());
    tcp.setPortRange(0);
    tcp.disableDiagnostics();
    TCPPING ping = new TCPPING();
    ping.setInitialHosts(all);
    ping.setPortRange(0);
    JChannel channel =
        new JChannel(
            tcp,
            ping,
            new MERGE3(),
            new FD_SOCK2().setBindAddress(address).setOffset(100),
            new FD_ALL3(),
            new VERIFY_SUSPECT2(),
            new NAKACK2().useMcastXmit(false),
            new UNICAST3(),
            new STABLE(),
            new GMS().setJoinTimeout(2000));
    channel.setReceiver(
        new Receiver() {
          @Override
          public void viewAccepted(View view) {
            boolean coordinates = view.getMembers().get(0).equals(channel.getAddress());
            System.out.println(
                "V " + view.size() + " " + System.nanoTime() + " " + (coordinates ? 1 : 0));
            System.out.flush();
          }
        });
    channel.connect("bench");
    Thread.currentThread().join();
  }

  private static InetSocketAddress socket(String text) {
    String[] parts = text.split(":");
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
