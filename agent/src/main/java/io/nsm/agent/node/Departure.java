package io.nsm.agent.node;

import java.time.Duration;
import java.util.Optional;

/**
 * When an agent that was told to end may: once nothing runs on its host and the ledger took all its
 * grants back. Where no majority can take them it goes without that: nothing acts under them any
 * more, and they are given up when its lease is over or its next agent comes.
 */
public final class Departure {
  /** How long it goes on asking where a majority of the voters cannot be reached. */
  static final Duration WITHOUT_MAJORITY = Duration.ofSeconds(1);

  /** How long it goes on asking at most: a majority that can be reached may be about to leave. */
  static final Duration AT_MOST = Duration.ofSeconds(5);

  /** How far the agent is. */
  public enum Stage {
    /** Something runs. */
    BUSY,
    /** Nothing runs, but the ledger has not taken all grants back. */
    QUIET,
    /** Nothing runs and nothing is granted. */
    DONE
  }

  private Optional<Long> quietSince = Optional.empty();

  /**
   * Whether it may end.
   *
   * @param majority whether a majority of the voters can be reached
   * @param now in nanoseconds, of a clock that only goes forward
   */
  public boolean over(Stage stage, boolean majority, long now) {
    if (stage != Stage.QUIET) {
      quietSince = Optional.empty();
      return stage == Stage.DONE;
    }
    long since = quietSince.orElse(now);
    quietSince = Optional.of(since);
    return now - since >= (majority ? AT_MOST : WITHOUT_MAJORITY).toNanos();
  }
}
