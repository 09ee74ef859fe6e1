package io.nsm.samples.importer;

/**
 * Spreads rows evenly over time. One who fell behind catches up by at most {@link #MAX_LAG}, so
 * that no pause is followed by a flood.
 */
final class Pace {

  /** The time that may be caught up, in nanoseconds. */
  static final long MAX_LAG = 1_000_000_000;

  private final long rowsPerSecond;
  private long due;

  /**
   * @param rowsPerSecond 0: as fast as it goes
   * @param now the monotonic clock, in nanoseconds, as in all methods
   */
  Pace(long rowsPerSecond, long now) {
    this.rowsPerSecond = rowsPerSecond;
    this.due = now;
  }

  /** How long to wait before the next rows; 0 if they are due. */
  long nanosUntilDue(long now) {
    return rowsPerSecond == 0 ? 0 : Math.max(0, due - now);
  }

  /** Counts rows that were handed on. */
  void took(int rows, long now) {
    if (rowsPerSecond > 0) {
      due += rows * 1_000_000_000L / rowsPerSecond;
      if (now - due > MAX_LAG) {
        due = now - MAX_LAG;
      }
    }
  }
}
