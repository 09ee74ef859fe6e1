package io.nsm.agent.chaos.check;

import java.util.Locale;

/** Lengths of time for people. */
final class Nanos {
  private Nanos() {}

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }
}
