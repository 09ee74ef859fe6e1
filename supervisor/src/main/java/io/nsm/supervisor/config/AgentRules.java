package io.nsm.supervisor.config;

import io.nsm.supervisor.model.HostName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What must fit together in an agent's configuration. */
final class AgentRules {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0", "*");
  private static final Set<String> LOOPBACKS = Set.of("localhost", "::1");

  private final Section section;
  private final Problems problems;

  AgentRules(Section section, Problems problems) {
    this.section = section;
    this.problems = problems;
  }

  void check(Map<HostName, HostAddress> hosts) {
    hosts.forEach(this::checkAddress);
    checkLoopbacks(hosts);
    checkPorts(hosts);
    boolean runs = hosts.values().stream().anyMatch(address -> !address.witness());
    if (!hosts.isEmpty() && !runs) {
      section.error("hosts", "all hosts are witnesses: none runs processes", "add a host");
    }
  }

  void checkDirectories(Path data, Path run) {
    if (data.startsWith(run)) {
      problems.error(
          section
              .problem(
                  "dataDirectory",
                  data + " lies in the run directory, which does not outlive a restart")
              .against(section.placeOf("runDirectory"))
              .hint("keep them apart"));
    }
    int bytes = AgentConfig.socketBytes(run);
    if (bytes > AgentConfig.LONGEST_SOCKET_PATH) {
      section.error(
          "runDirectory",
          "the path of the agent's socket, "
              + run.resolve(AgentConfig.SOCKET)
              + ", has "
              + bytes
              + " bytes, at most "
              + AgentConfig.LONGEST_SOCKET_PATH
              + " are possible",
          "choose a shorter runDirectory, such as /run/nsm");
    }
  }

  void checkHttpBind(String bind) {
    if (!valid(bind) && !WILDCARDS.contains(bind)) {
      section.error("bind", "'" + bind + "' is not an IP address or a host name", "");
    } else if (!loopback(bind)) {
      problems.warning(
          section
              .problem("bind", "the API is not encrypted, and others can reach it on " + bind)
              .hint("use 127.0.0.1, and a proxy with TLS in front of it"));
    }
  }

  private void checkAddress(HostName host, HostAddress address) {
    String path = section.pathOf("hosts." + host + ".address");
    Place place = section.placeOf("hosts", host.name(), "address");
    if (WILDCARDS.contains(address.address())) {
      problems.error(
          Problem.at(
                  place,
                  path,
                  "'" + address.address() + "' is no address that other hosts can connect to")
              .hint("write the one address by which they reach this host"));
    } else if (!valid(address.address())) {
      problems.error(
          Problem.at(
              place, path, "'" + address.address() + "' is not an IP address or a host name"));
    }
  }

  private void checkLoopbacks(Map<HostName, HostAddress> hosts) {
    Optional<HostName> local = first(hosts, true);
    Optional<HostName> remote = first(hosts, false);
    if (local.isPresent() && remote.isPresent()) {
      problems.error(
          Problem.at(
                  section.placeOf("hosts", local.get().name(), "address"),
                  section.pathOf("hosts." + local.get() + ".address"),
                  "only its own machine reaches a loopback address, but host '"
                      + remote.get()
                      + "' is elsewhere")
              .against(section.placeOf("hosts", remote.get().name(), "address"))
              .hint("write the address by which the others reach this host"));
    }
  }

  private static Optional<HostName> first(Map<HostName, HostAddress> hosts, boolean loopback) {
    return hosts.entrySet().stream()
        .filter(entry -> loopback(entry.getValue().address()) == loopback)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void checkPorts(Map<HostName, HostAddress> hosts) {
    Map<String, List<String>> taken = new HashMap<>();
    hosts.forEach(
        (host, address) ->
            ports(address).forEach((kind, port) -> checkPort(taken, host, address, kind, port)));
  }

  private static Map<String, Integer> ports(HostAddress address) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("control", address.controlPort());
    ports.put("grid", address.gridPort());
    ports.put("http", address.httpPort());
    ports.put("control + 100", address.controlPort() + HostAddress.SUSPICION_OFFSET);
    ports.put("grid + 100", address.gridPort() + HostAddress.SUSPICION_OFFSET);
    return ports;
  }

  private void checkPort(
      Map<String, List<String>> taken, HostName host, HostAddress address, String kind, int port) {
    String key = kind.replaceFirst(" .*", "");
    List<String> here = List.of("hosts", host.name(), "ports", key, kind);
    List<String> first = taken.putIfAbsent(address.address() + " " + port, here);
    // Two second ports are the same where the first ones are, which is told already.
    boolean told = first != null && !kind.equals(key) && first.get(4).contains(" ");
    if (first != null && !told) {
      problems.error(
          Problem.at(
                  section.placeOf(here.subList(0, 4).toArray(String[]::new)),
                  String.join(".", here.subList(0, 4)),
                  "port "
                      + port
                      + (kind.equals(key) ? "" : " (" + kind + ")")
                      + " of "
                      + address.address()
                      + " is also the "
                      + first.get(4)
                      + " port of host '"
                      + first.get(1)
                      + "'")
              .against(section.placeOf(first.subList(0, 4).toArray(String[]::new)))
              .hint("give every host on one address ports of its own"));
    }
  }

  private static boolean valid(String address) {
    boolean dotted = address.matches("[0-9.]+");
    boolean fourNumbers =
        address.matches("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.|$)){4}")
            && !address.endsWith(".");
    return ADDRESS.matcher(address).matches() && (!dotted || fourNumbers);
  }

  private static boolean loopback(String address) {
    return address.startsWith("127.") || LOOPBACKS.contains(address);
  }
}
