package io.nsm.agent.bench;

import java.util.Arrays;

/** Lengths of time in milliseconds, and how they are printed. */
record Figures(double[] millis) {

  Figures {
    millis = millis.clone();
    Arrays.sort(millis);
  }

  double median() {
    return millis[millis.length / 2];
  }

  double p99() {
    return millis[Math.min(millis.length - 1, (int) (millis.length * 0.99))];
  }

  void print(String what) {
    System.out.printf(
        "%s: n %d, median %.1f ms, p99 %.1f ms%n", what, millis.length, median(), p99());
  }

  /** With the ratio to a yardstick of the same run. */
  void print(String what, Figures yardstick) {
    System.out.printf(
        "%s: n %d, median %.1f ms, p99 %.1f ms, %.3f of bare JGroups%n",
        what, millis.length, median(), p99(), median() / yardstick.median());
  }
}
