package io.nsm.process.runtime;

import io.nsm.process.link.HostTime;
import java.time.Duration;

/**
 * The right of one run to act: at most in one epoch at a time, until a deadline. Immutable; the
 * time is always an argument.
 *
 * <p>Two rules make it safe. A run goes only to a greater epoch than any it has seen. And an epoch
 * that is over, because a deadline passed on either clock or it was given up, never comes back,
 * whatever is received later: a push may have waited in a socket's buffer while the process stood
 * still.
 *
 * @param epoch the greatest epoch this run has seen; 0 before the first
 * @param deadline the first instant at which it may not act any more
 * @param over whether the epoch is known to be over, for good
 */
public record Lease(long epoch, HostTime deadline, boolean over) {

  /** Before the first epoch. */
  public static final Lease NONE = new Lease(0, new HostTime(0, 0), true);

  /** Whether the run may act at an instant. */
  public boolean holds(HostTime now) {
    return !over && !now.hasReached(deadline);
  }

  /** As {@link #holds}, in a given epoch. */
  public boolean holds(long inEpoch, HostTime now) {
    return epoch == inEpoch && holds(now);
  }

  /** The lease after an activation was received: a newer epoch begins, the same one goes on. */
  public Lease granted(long inEpoch, HostTime until, HostTime now) {
    if (inEpoch > epoch) {
      return new Lease(inEpoch, until, now.hasReached(until));
    }
    return extended(inEpoch, until, now);
  }

  /** The lease after an extension was received; nothing shortens it or brings an epoch back. */
  public Lease extended(long inEpoch, HostTime until, HostTime now) {
    Lease current = at(now);
    boolean later = until.monotonicNanos() - current.deadline.monotonicNanos() > 0;
    if (current.over || inEpoch != epoch || !later) {
      return current;
    }
    return new Lease(epoch, until, now.hasReached(until));
  }

  /** The lease as it is at an instant: over, if the deadline has passed. */
  public Lease at(HostTime now) {
    return over || !now.hasReached(deadline) ? this : new Lease(epoch, deadline, true);
  }

  /** The lease after an epoch was given up; a greater one than any seen counts as seen. */
  public Lease ended(long inEpoch) {
    if (inEpoch < epoch) {
      return this;
    }
    return new Lease(inEpoch, deadline, true);
  }

  /** How long the run may still act; zero if it may not. */
  public Duration remaining(HostTime now) {
    return over ? Duration.ZERO : Duration.ofNanos(now.nanosUntil(deadline));
  }
}
