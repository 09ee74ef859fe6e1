package io.nsm.agent.node;

import io.nsm.agent.link.Links.Deadline;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.HostTime;

/**
 * The host's clock as the core sees it: nanoseconds that never stand still. The monotonic clock
 * stops while the host is suspended, the boot clock does not, but is coarse; so the monotonic one
 * is read, and whatever the boot clock went ahead of it is added.
 */
final class BootClock {

  /** The boot clock's steps, twice: less than this is no suspension. */
  private static final long COARSENESS_NANOS = 20_000_000;

  private final HostClock clock;
  private final long ahead;
  private long suspended;

  BootClock(HostClock clock) {
    this.clock = clock;
    this.ahead = ahead(clock.now());
  }

  /** Now, in nanoseconds. */
  synchronized long now() {
    HostTime time = clock.now();
    long extra = ahead(time) - ahead;
    if (extra - suspended > COARSENESS_NANOS) {
      suspended = extra;
    }
    return time.monotonicNanos() + suspended;
  }

  /** An instant of this clock as an absolute time of both of the host's clocks. */
  synchronized Deadline deadline(long at) {
    HostTime time = clock.now();
    long left = at - (time.monotonicNanos() + suspended);
    return new Deadline(
        time.monotonicNanos() + left, time.bootMillis() + Math.floorDiv(left, 1_000_000L));
  }

  private static long ahead(HostTime time) {
    return time.bootMillis() * 1_000_000 - time.monotonicNanos();
  }
}
