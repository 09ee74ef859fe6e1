package io.nsm.process.link;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an agent tells a run through environment variables, all of which begin with {@code NSM_}.
 *
 * @param socket the path of the agent's socket
 * @param token the secret of this run, which its Hello repeats
 * @param instance the instance's number
 * @param ports the declared ports by name; also one variable each, for programs that are not JVMs
 */
public record RunEnvironment(
    String socket,
    String token,
    String run,
    String process,
    int instance,
    String host,
    Map<String, Integer> ports,
    OnLeaseLost onLeaseLost) {

  public static final String SOCKET = "NSM_SOCKET";
  public static final String TOKEN = "NSM_TOKEN";
  public static final String RUN = "NSM_RUN";
  public static final String PROCESS = "NSM_PROCESS";
  public static final String INSTANCE = "NSM_INSTANCE";
  public static final String HOST = "NSM_HOST";

  /** All ports: {@code admin=9101,http=8080}. Exact, which the single variables cannot be. */
  public static final String PORTS = "NSM_PORTS";

  /** One port: {@code NSM_PORT_ADMIN=9101}. */
  public static final String PORT_PREFIX = "NSM_PORT_";

  public static final String ON_LEASE_LOST = "NSM_ON_LEASE_LOST";

  public RunEnvironment {
    ports = Collections.unmodifiableMap(new TreeMap<>(ports));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return process + "/" + instance + " on " + host + ", run " + run + ", socket " + socket;
  }

  /** The variables that tell a run all this. */
  public Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    variables.put(SOCKET, socket);
    variables.put(TOKEN, token);
    variables.put(RUN, run);
    variables.put(PROCESS, process);
    variables.put(INSTANCE, Integer.toString(instance));
    variables.put(HOST, host);
    variables.put(ON_LEASE_LOST, onLeaseLost.name().toLowerCase(Locale.ROOT));
    List<String> all = new ArrayList<>();
    ports.forEach(
        (name, port) -> {
          variables.put(portVariable(name), port.toString());
          all.add(name + "=" + port);
        });
    variables.put(PORTS, String.join(",", all));
    return variables;
  }

  /** The variable of one port: every character that shells do not allow in names becomes '_'. */
  public static String portVariable(String name) {
    return PORT_PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /**
   * Reads what an agent wrote.
   *
   * @throws IllegalArgumentException naming every variable that is missing or wrong
   */
  public static RunEnvironment read(Map<String, String> variables) {
    Reading in = new Reading(variables);
    RunEnvironment environment =
        new RunEnvironment(
            in.text(SOCKET),
            in.text(TOKEN),
            in.text(RUN),
            in.text(PROCESS),
            in.parsed(INSTANCE, "a number from 1", 1, RunEnvironment::positive),
            in.text(HOST),
            in.parsed(PORTS, "name=number,...", Map.of(), RunEnvironment::parsePorts),
            in.parsed(
                ON_LEASE_LOST,
                "halt or demote",
                OnLeaseLost.HALT,
                text -> OnLeaseLost.valueOf(text.toUpperCase(Locale.ROOT))));
    if (!in.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", in.problems));
    }
    return environment;
  }

  private static int positive(String text) {
    int number = Integer.parseInt(text);
    if (number < 1) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static Map<String, Integer> parsePorts(String text) {
    Map<String, Integer> ports = new TreeMap<>();
    for (String port : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = port.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(port);
      }
      ports.put(port.substring(0, equals), Integer.parseInt(port.substring(equals + 1)));
    }
    return ports;
  }

  /** Collects every problem on the way. */
  private static final class Reading {
    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    Reading(Map<String, String> variables) {
      this.variables = variables;
    }

    String text(String name) {
      return parsed(name, "a text", "", text -> text);
    }

    <T> T parsed(String name, String expected, T otherwise, Function<String, T> parse) {
      String text = variables.get(name);
      if (text == null) {
        problems.add(name + ": not in the environment; expected " + expected);
        return otherwise;
      }
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        problems.add(name + ": '" + text + "' is not " + expected);
        return otherwise;
      }
    }
  }
}
