package io.nsm.process.link;

/**
 * An instant on both clocks of this host, the same in every process of it.
 *
 * @param monotonicNanos CLOCK_MONOTONIC, as {@link System#nanoTime()} counts on Linux; stands still
 *     while the host is suspended
 * @param bootMillis milliseconds since the host was booted, with suspended time
 */
public record HostTime(long monotonicNanos, long bootMillis) {

  /** Whether this instant has reached a deadline on either clock. */
  public boolean hasReached(HostTime deadline) {
    return monotonicNanos - deadline.monotonicNanos >= 0 || bootMillis >= deadline.bootMillis;
  }

  /** Nanoseconds until a deadline on the clock that reaches it first; zero if one has. */
  public long nanosUntil(HostTime deadline) {
    if (hasReached(deadline)) {
      return 0;
    }
    long onMonotonic = deadline.monotonicNanos - monotonicNanos;
    long onBoot = deadline.bootMillis - bootMillis;
    return onBoot > onMonotonic / 1_000_000 ? onMonotonic : onBoot * 1_000_000;
  }

  /** This instant, later by some time on both clocks. */
  public HostTime plusMillis(long millis) {
    return new HostTime(monotonicNanos + millis * 1_000_000, bootMillis + millis);
  }
}
