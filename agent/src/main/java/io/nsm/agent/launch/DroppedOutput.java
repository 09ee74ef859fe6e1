package io.nsm.agent.launch;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the output that was given up, and says when it is time to tell of it. */
final class DroppedOutput {
  /** A program that writes without end must not fill the events as well. */
  private static final long TOLD_APART_MILLIS = 60_000;

  private final AtomicLong bytes = new AtomicLong();

  // Of the one thread that asks for news.
  private long told;
  private long toldAt;

  void add(long more) {
    bytes.addAndGet(more);
  }

  /** All since the run was launched or adopted. */
  long bytes() {
    return bytes.get();
  }

  /** What was dropped in all, if that is news; not more often than once a minute. */
  OptionalLong news(long nowMillis) {
    long all = bytes();
    boolean soon = told > 0 && Math.abs(nowMillis - toldAt) < TOLD_APART_MILLIS;
    if (all == told || soon) {
      return OptionalLong.empty();
    }
    told = all;
    toldAt = nowMillis;
    return OptionalLong.of(all);
  }
}
