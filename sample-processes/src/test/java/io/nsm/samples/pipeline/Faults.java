package io.nsm.samples.pipeline;

import java.util.Random;

/** Decides, from a seed alone, what goes wrong at which operation. */
final class Faults {

  /** Operations at which something may go wrong; after them everything goes well. */
  private static final int MOST = 2_000;

  enum Fault {
    NONE,
    KILLED_BEFORE,
    KILLED_AFTER,
    UNKNOWN_BEFORE,
    UNKNOWN_AFTER,
    MAPS_LOST
  }

  private final Random random;
  private int operations;

  Faults(long seed) {
    this.random = new Random(seed);
  }

  static Faults none() {
    Faults none = new Faults(0);
    none.operations = MOST;
    return none;
  }

  /** What goes wrong with the next operation. */
  Fault next() {
    int dice = random.nextInt(1_000);
    if (operations++ >= MOST || dice >= 62) {
      return Fault.NONE;
    }
    if (dice < 2) {
      return Fault.MAPS_LOST;
    }
    return Fault.values()[1 + dice % 4];
  }

  /** Whether a holder that was replaced goes on acting, because it does not know. */
  boolean replacedAndUnaware() {
    return operations < MOST && random.nextInt(60) == 0;
  }

  /** One of so many. */
  int pick(int bound) {
    return random.nextInt(bound);
  }
}
