package io.nsm.process.runtime;

import io.nsm.process.link.HostClock;
import io.nsm.process.link.HostTime;

/** A clock that a test moves. */
final class MovedClock implements HostClock {
  private volatile HostTime now = new HostTime(1_000_000_000L, 1_000);

  @Override
  public HostTime now() {
    return now;
  }

  HostTime in(long millis) {
    return now.plusMillis(millis);
  }

  void pass(long millis) {
    now = now.plusMillis(millis);
  }

  /** As when the host was suspended: the monotonic clock stood still. */
  void suspended(long millis) {
    now = new HostTime(now.monotonicNanos(), now.bootMillis() + millis);
  }
}
