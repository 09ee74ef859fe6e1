package io.nsm.agent.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The network between the hosts: each has a cable to one bridge, and drops what comes from where it
 * must not. Hosts are numbered from 1; this program runs in the namespace of the bridge.
 */
final class Wires {
  /** The first three numbers of all addresses. */
  static final String NET = "10.77.0.";

  private final String names;
  private final int hosts;
  private final boolean netem;

  /** For each host that receives: the host that sends, and how many of 100 packets are lost. */
  private final Map<Integer, Map<Integer, Integer>> lost = new HashMap<>();

  Wires(String names, int hosts) {
    this.names = names;
    this.hosts = hosts;
    this.netem =
        Command.works(at(1, "tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "1ms"));
    if (netem) {
      clearQueue(1);
    }
  }

  /** Whether packets can be delayed one by one; else a slow link is all there is. */
  boolean netem() {
    return netem;
  }

  static String address(int host) {
    return NET + host;
  }

  /** The words that run a program on a host; {@code ip netns exec} would hide control groups. */
  List<String> prefix(int host) {
    return List.of("nsenter", "--net=/run/netns/" + names + "-h" + host);
  }

  String namespace(int host) {
    return names + "-h" + host;
  }

  private String[] at(int host, String... words) {
    List<String> all = new java.util.ArrayList<>(prefix(host));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  void pull(int host) {
    Command.run("ip", "link", "set", "v" + host, "down");
  }

  void plug(int host) {
    Command.run("ip", "link", "set", "v" + host, "up");
  }

  /** From now on a host loses so many of 100 packets that come from another; 0 for none. */
  synchronized void lose(int from, int to, int percent) {
    Map<Integer, Integer> all = lost.computeIfAbsent(to, key -> new HashMap<>());
    if (percent == 0) {
      all.remove(from);
    } else {
      all.put(from, percent);
    }
    String rules =
        all.entrySet().stream()
            .map(
                entry ->
                    " ip saddr "
                        + address(entry.getKey())
                        + (entry.getValue() < 100
                            ? " numgen random mod 100 < " + entry.getValue()
                            : "")
                        + " drop\n")
            .collect(Collectors.joining());
    nft(
        to,
        "table inet chaos\ndelete table inet chaos\ntable inet chaos {\n chain in {\n"
            + " type filter hook input priority 0\n"
            + rules
            + " }\n}\n");
  }

  private void nft(int host, String rules) {
    Command.run(List.of(at(host, "nft", "-f", "-")), rules);
  }

  /** Each packet of a host is sent twice, to whoever it is for. */
  void duplicate(int host) {
    if (netem) {
      queue(host, "netem", "duplicate", "50%");
      return;
    }
    StringBuilder rules = new StringBuilder("table netdev twice" + host + " {\n chain c {\n");
    rules.append("  type filter hook ingress device \"v" + host + "\" priority 0\n");
    for (int other = 1; other <= hosts; other++) {
      if (other != host) {
        rules.append("  numgen random mod 100 < 50 dup to \"v" + other + "\"\n");
      }
    }
    rules.append(" }\n}\n");
    Command.run(List.of("nft", "-f", "-"), rules.toString());
  }

  void singleAgain(int host) {
    if (netem) {
      clearQueue(host);
    } else {
      Command.works("nft", "delete", "table", "netdev", "twice" + host);
    }
  }

  /** What a host sends takes longer, and not always as long. */
  void slow(int host, int millis) {
    if (netem) {
      queue(host, "netem", "delay", millis + "ms", millis / 2 + "ms");
    } else {
      // A queue that is drained slowly: what is sent waits behind what was sent before.
      queue(host, "tbf", "rate", "400kbit", "burst", "4kb", "latency", millis * 10 + "ms");
    }
  }

  private void queue(int host, String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("tc", "qdisc", "replace"));
    all.addAll(List.of("dev", "eth0", "root"));
    all.addAll(List.of(words));
    Command.run(at(host, all.toArray(String[]::new)));
  }

  /** Does nothing if it is clear already: two faults may have met. */
  void clearQueue(int host) {
    Command.works(at(host, "tc", "qdisc", "del", "dev", "eth0", "root"));
  }

  /** The pids of everything that runs on a host. */
  List<Long> pids(int host) {
    return Command.run("ip", "netns", "pids", namespace(host))
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(Long::parseLong)
        .toList();
  }

  /** Whatever was done to the wires, they are whole again. */
  synchronized void mend() {
    for (int host : new TreeSet<>(lost.keySet())) {
      for (int from : new TreeSet<>(Optional.ofNullable(lost.get(host)).orElseThrow().keySet())) {
        lose(from, host, 0);
      }
    }
    for (int host = 1; host <= hosts; host++) {
      plug(host);
      clearQueue(host);
      singleAgain(host);
    }
  }
}
