package io.nsm.supervisor.model;

import java.util.Map;

/**
 * A host as the ledger knows it.
 *
 * @param incarnation the agent's life that was admitted last
 * @param bootId the kernel's id of the boot in which that agent runs
 * @param witness whether it only votes and stores, and runs no processes
 */
public record HostEntry(
    HostId id,
    HostName name,
    Incarnation incarnation,
    String bootId,
    Map<String, String> labels,
    boolean witness) {
  public HostEntry {
    labels = Map.copyOf(labels);
  }
}
