package io.nsm.supervisor.config;

/**
 * Where a host is reached, and what it is.
 *
 * <p>The control and the grid each use a second port, which lies {@value #SUSPICION_OFFSET} above:
 * on it hosts notice that a neighbour's connection closed.
 *
 * @param address an IP address or a name; the host's agent binds to it
 * @param controlPort of the ledger, leases and agent messages
 * @param gridPort of checkpoints and shared maps
 * @param httpPort of the host's own API, which binds to {@link AgentConfig#httpBind()}
 * @param witness whether the host votes and stores, and runs no processes
 */
public record HostAddress(
    String address, int controlPort, int gridPort, int httpPort, boolean witness) {
  static final int SUSPICION_OFFSET = 100;
  static final int CONTROL_PORT = 7400;
  static final int GRID_PORT = 7401;
  static final int HTTP_PORT = 7402;
}
