package io.nsm.supervisor.ctl;

import java.util.Arrays;
import java.util.List;

/** Where an agent's HTTP API is. */
record Address(String host, int port) {
  static final int DEFAULT_PORT = 7402;
  static final String VARIABLE = "NSM_ADDR";
  static final String DEFAULT = "127.0.0.1:" + DEFAULT_PORT;

  /** Reads {@code host}, {@code host:port}, {@code [::1]:port}, several with commas between. */
  static List<Address> parseAll(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).map(Address::parse).toList();
  }

  private static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort =
        colon > text.lastIndexOf(']') && text.indexOf(':') == colon
            || colon > text.lastIndexOf(']') && text.startsWith("[");
    String host = hasPort ? text.substring(0, colon) : text;
    try {
      int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : DEFAULT_PORT;
      if (!host.isEmpty() && !host.contains("/") && port > 0 && port < 65536) {
        return new Address(host, port);
      }
    } catch (NumberFormatException notAPort) {
      // told below, as the other mistakes are
    }
    throw new Failure(
        ExitCode.USAGE, "'" + text + "' is no agent's address", "write it as " + DEFAULT);
  }

  @Override
  public String toString() {
    return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
