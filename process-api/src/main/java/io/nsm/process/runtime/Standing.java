package io.nsm.process.runtime;

import io.nsm.process.link.HostTime;

/**
 * What this run may do, and how far its callbacks are with it.
 *
 * @param entered the epoch whose {@code activate} was entered and whose {@code deactivate} has not
 *     returned; 0 if there is none
 * @param leaving whether {@code deactivate} was called for it
 * @param finished the greatest epoch of which nothing happens any more
 */
record Standing(Lease lease, long entered, boolean leaving, long finished) {
  static final Standing FIRST = new Standing(Lease.NONE, 0, false, 0);

  boolean mayAct(long epoch, HostTime now) {
    return entered == epoch && !leaving && lease.holds(epoch, now);
  }

  /** A last save is possible while the process is being deactivated. */
  boolean maySave(long epoch, HostTime now) {
    return entered == epoch && lease.holds(epoch, now);
  }

  Standing with(Lease newer) {
    return new Standing(newer, entered, leaving, finished);
  }

  /** After {@code activate} is about to be called. */
  Standing enter(long epoch) {
    return new Standing(lease, epoch, false, finished);
  }

  /** After {@code deactivate} is about to be called. */
  Standing leave() {
    return new Standing(lease, entered, true, finished);
  }

  /** After nothing of an epoch or an earlier one can happen any more. */
  Standing finish(long epoch) {
    return new Standing(lease.ended(epoch), 0, false, Math.max(finished, epoch));
  }

  /**
   * The greatest epoch this run was told of, entered or not: an activation may still wait for the
   * callback before it, and an agent that is new must not take it for never given.
   */
  long lastTold() {
    return lease.epoch();
  }
}
