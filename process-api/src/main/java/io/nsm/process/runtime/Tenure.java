package io.nsm.process.runtime;

import io.nsm.process.TermEndedException;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.HostTime;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Holds the standing of this run. Any thread may ask; the link moves the lease, the thread of the
 * callbacks moves the rest.
 */
final class Tenure {
  private final HostClock clock;
  private volatile Standing standing = Standing.FIRST;

  Tenure(HostClock clock) {
    this.clock = clock;
  }

  Standing standing() {
    return standing;
  }

  HostTime now() {
    return clock.now();
  }

  boolean mayAct(long epoch) {
    return standing.mayAct(epoch, clock.now());
  }

  boolean maySave(long epoch) {
    return standing.maySave(epoch, clock.now());
  }

  /** Why a thread may not act in an epoch, for messages. */
  TermEndedException ended(long epoch) {
    Standing at = standing;
    String why =
        at.entered() != epoch || at.lease().epoch() != epoch
            ? "this instance has been deactivated or is in a newer term"
            : at.lease().over() || clock.now().hasReached(at.lease().deadline())
                ? "its lease has ended"
                : "this instance is being deactivated";
    return new TermEndedException("the term of epoch " + epoch + " is over: " + why);
  }

  Duration remaining(long epoch) {
    Standing at = standing;
    HostTime now = clock.now();
    return at.mayAct(epoch, now) ? at.lease().remaining(now) : Duration.ZERO;
  }

  /** Returns whether the activation begins an epoch, rather than repeating one. */
  synchronized boolean grant(long epoch, HostTime deadline) {
    boolean begins = epoch > standing.lease().epoch();
    move((lease, now) -> lease.granted(epoch, deadline, now));
    return begins;
  }

  synchronized void extend(long epoch, HostTime deadline) {
    move((lease, now) -> lease.extended(epoch, deadline, now));
  }

  /** Ends the right to act in an epoch, for good. */
  synchronized void end(long epoch) {
    move((lease, now) -> lease.ended(epoch));
  }

  /** Returns whether the process is in the epoch now; if not, it never will be. */
  synchronized boolean enter(long epoch) {
    boolean may = standing.lease().holds(epoch, clock.now());
    standing = may ? standing.enter(epoch) : standing.finish(epoch);
    return may;
  }

  synchronized void leave() {
    standing = standing.leave();
  }

  synchronized void finish(long epoch) {
    standing = standing.finish(epoch);
  }

  private void move(BiFunction<Lease, HostTime, Lease> step) {
    Lease before = standing.lease();
    standing = standing.with(step.apply(before, clock.now()));
    // This thread may have stood still between its look at the clock and the line above. A passed
    // deadline is never extended, so the old one is looked at once more.
    Lease after = standing.lease();
    if (after.epoch() == before.epoch() && !after.over() && before.at(clock.now()).over()) {
      standing = standing.with(after.ended(after.epoch()));
    }
  }
}
