package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import java.time.Instant;
import java.util.Optional;

/**
 * A host as the asked agent sees it.
 *
 * @param address where its agent is reached by other agents, {@code host:port}
 * @param since since when it is in this state; empty if it was never seen
 * @param incarnation the life of its agent, if known
 */
public record HostStatus(
    HostName name,
    String address,
    Role role,
    Presence presence,
    Optional<Instant> since,
    Optional<String> incarnation) {

  /** What a host is to the cluster. */
  public enum Role {
    /** Votes and runs processes. */
    VOTER,
    /** Votes and runs no processes. */
    WITNESS,
    /** Runs processes and does not vote. */
    MEMBER
  }

  /** Whether a host is heard. */
  public enum Presence {
    UP,
    SILENT,
    NEVER_SEEN
  }
}
