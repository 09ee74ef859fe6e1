package io.nsm.samples.term;

import java.time.Duration;

/** How long to wait before the next attempt: doubles with each failure up to a bound. */
record Backoff(int failures) {

  static final Backoff NONE = new Backoff(0);

  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 10;

  Backoff failedAgain() {
    return new Backoff(Math.min(failures + 1, MOST_DOUBLINGS));
  }

  Duration pause() {
    Duration doubled = FIRST.multipliedBy(1L << Math.max(0, failures - 1));
    return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }
}
