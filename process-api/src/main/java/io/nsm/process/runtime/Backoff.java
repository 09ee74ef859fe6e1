package io.nsm.process.runtime;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits between attempts to connect: 20 ms, then twice as long each time, to 1 s; jittered. */
final class Backoff {
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  private long next = SHORTEST;
  private String explained = "";

  /** Sleeps between half and all of the current wait. */
  void sleep() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(next / 2, next + 1));
    next = Math.min(LONGEST, next * 2);
  }

  void reset() {
    next = SHORTEST;
    explained = "";
  }

  /** Logs why an attempt failed, once for each new reason. */
  void explain(String reason) {
    if (!reason.equals(explained)) {
      explained = reason;
      NsmRuntime.log(reason);
    }
  }
}
