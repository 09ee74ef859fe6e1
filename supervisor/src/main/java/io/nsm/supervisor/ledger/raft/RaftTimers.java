package io.nsm.supervisor.ledger.raft;

import java.time.Duration;

/**
 * The timers of the Raft group.
 *
 * @param electionMin a follower that hears nothing for this long at least stands for election; half
 *     of it is the heartbeat
 * @param electionMax at most this long
 * @param request how long a leader waits for one answer of a follower
 */
public record RaftTimers(Duration electionMin, Duration electionMax, Duration request) {
  public static final RaftTimers DEFAULT =
      new RaftTimers(Duration.ofMillis(500), Duration.ofMillis(900), Duration.ofMillis(500));

  public RaftTimers {
    if (electionMin.compareTo(electionMax) >= 0) {
      throw new IllegalArgumentException(
          "the shortest election timer "
              + electionMin
              + " must be below the longest "
              + electionMax);
    }
  }

  Duration heartbeat() {
    return electionMin.dividedBy(2);
  }
}
