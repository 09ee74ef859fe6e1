package io.nsm.supervisor.channel.jgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Loopback addresses where both of a channel's ports are free. */
public final class FreePorts {
  private static final int ATTEMPTS = 100;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  public static synchronized InetSocketAddress next() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, loopback)) {
        int port = first.getLocalPort();
        int second = port + ChannelSettings.SUSPICION_PORT_OFFSET;
        if (second < 1 << 16 && !GIVEN.contains(port) && !GIVEN.contains(second)) {
          new ServerSocket(second, 1, loopback).close();
          GIVEN.add(port);
          GIVEN.add(second);
          return new InetSocketAddress(loopback, port);
        }
      } catch (IOException taken) {
        // The second port is in use: the next pair.
        continue;
      }
    }
    throw new UncheckedIOException(new IOException("no two free ports, 100 apart, on loopback"));
  }
}
