package io.nsm.agent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The yardstick: how long a bare JGroups group of three takes to have another coordinator. */
final class BareGroups {
  private static final int MEMBERS = 3;

  private final BenchHosts places;
  private int port = 21_000;

  BareGroups(BenchHosts places) {
    this.places = places;
  }

  Figures kills(int count) throws Exception {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = change(false);
    }
    return new Figures(millis);
  }

  /** The cable of the coordinator's host is pulled. */
  Figures cuts(int count) throws Exception {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = change(true);
    }
    return new Figures(millis);
  }

  private double change(boolean cut) throws Exception {
    port += 10;
    List<String> all = new ArrayList<>();
    for (int host = 1; host <= MEMBERS; host++) {
      // On loopback the members share an address, in namespaces a port.
      all.add(
          places.canBeLost()
              ? places.address(host) + ":" + port
              : places.address(1) + ":" + (port + host));
    }
    List<Process> members = new ArrayList<>();
    List<BufferedReader> views = new ArrayList<>();
    try {
      for (int host = 1; host <= MEMBERS; host++) {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.add(BareGroup.class.getName());
        words.add(all.get(host - 1));
        words.addAll(all);
        ProcessBuilder builder = new ProcessBuilder(places.command(host, words));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process member = builder.start();
        members.add(member);
        views.add(
            new BufferedReader(
                new InputStreamReader(member.getInputStream(), StandardCharsets.UTF_8)));
        awaitView(views.get(host - 1), host, false);
      }
      if (views.get(1).ready()) {
        awaitView(views.get(1), MEMBERS, false);
      }
      long began = System.nanoTime();
      if (cut) {
        places.pull(1);
      } else {
        members.get(0).destroyForcibly();
      }
      return (awaitView(views.get(1), MEMBERS - 1, true) - began) / 1e6;
    } finally {
      members.forEach(Process::destroyForcibly);
      if (cut) {
        places.plug(1);
      }
    }
  }

  private static long awaitView(BufferedReader views, int size, boolean coordinates)
      throws IOException {
    String line;
    while ((line = views.readLine()) != null) {
      String[] words = line.split(" ");
      if (words[0].equals("V")
          && Integer.parseInt(words[1]) == size
          && (!coordinates || words[3].equals("1"))) {
        return Long.parseLong(words[2]);
      }
    }
    throw new IOException("the group's member ended");
  }
}
