package io.nsm.supervisor.ctl;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether, and how long, a verb goes on showing what is new. */
final class Watch {
  @Option(
      names = {"-w", "--watch"},
      description = "Go on, and show what changes.")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Watch so long: 500ms, 30s, 5m. Default: until it is interrupted.")
  private Optional<Duration> timeout = Optional.empty();

  private final long start = System.nanoTime();

  boolean wanted() {
    return watch;
  }

  /** How much of a time is left to watch. */
  Duration left(Duration atMost) {
    if (timeout.isEmpty()) {
      return atMost;
    }
    Duration left = timeout.get().minusNanos(System.nanoTime() - start);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(atMost) < 0 ? left : atMost;
  }
}
