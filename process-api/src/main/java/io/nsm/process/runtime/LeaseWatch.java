package io.nsm.process.runtime;

import io.nsm.process.link.HostTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices that the lease of the epoch in which the process acts has ended, also when no thread of
 * the process asks.
 */
final class LeaseWatch implements Runnable {
  /** Told once per epoch, by the watching thread. */
  interface Lapse {
    void lapsed(long epoch);
  }

  /**
   * How long the watch sleeps at most while the process acts. Sleeping is counted on the clock that
   * stands still in suspend; after it, the other one must be looked at soon.
   */
  private static final long MAX_SLEEP = TimeUnit.MILLISECONDS.toNanos(50);

  private final Tenure tenure;
  private final Lapse lapse;
  private final Thread thread = RuntimeThread.of("nsm-lease", this);
  private long told;

  LeaseWatch(Tenure tenure, Lapse lapse) {
    this.tenure = tenure;
    this.lapse = lapse;
    thread.setPriority(Thread.MAX_PRIORITY);
  }

  void start() {
    thread.start();
  }

  /** Makes the watch look at the standing again; to be called when an epoch was entered. */
  void wake() {
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    while (true) {
      Standing standing = tenure.standing();
      long epoch = standing.entered();
      // Beside a newer epoch the older one's deadline means nothing: both are this run's.
      if (epoch == 0 || standing.lease().epoch() != epoch || told == epoch) {
        LockSupport.park(this);
        continue;
      }
      HostTime now = tenure.now();
      long left = now.nanosUntil(standing.lease().deadline());
      if (left == 0) {
        told = epoch;
        lapse.lapsed(epoch);
      } else {
        LockSupport.parkNanos(this, Math.min(left, MAX_SLEEP));
      }
    }
  }
}
