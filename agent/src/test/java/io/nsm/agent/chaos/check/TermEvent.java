package io.nsm.agent.chaos.check;

import java.util.Optional;

/** A run started, ended, or one of its terms began or ended; the epoch is 0 if it has none. */
record TermEvent(Run run, Kind kind, long at, long epoch, Optional<Seen> seen) {

  /** As the files name them, in capitals. */
  enum Kind {
    START,
    ACTIVATE,
    ACTIVATED,
    ENDED,
    DEACTIVATE,
    DEACTIVATED,
    STOP
  }

  /** The checkpoint that an activation was given, and the count in it. */
  record Seen(Position position, long value) {}

  /** Where a checkpoint stands among those of its process. */
  record Position(long epoch, long sequence) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
      return epoch == other.epoch
          ? Long.compare(sequence, other.sequence)
          : Long.compare(epoch, other.epoch);
    }

    @Override
    public String toString() {
      return "(" + epoch + ", " + sequence + ")";
    }
  }
}
