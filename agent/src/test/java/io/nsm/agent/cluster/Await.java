package io.nsm.agent.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks again and again, for a time that only a fault takes. */
final class Await {
  static final Duration LONGEST = Duration.ofSeconds(60);

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(25);

  private Await() {}

  /**
   * Waits until there is something.
   *
   * @param seen what to tell if nothing comes
   */
  static <T> T value(String what, Supplier<Optional<T>> look, Supplier<String> seen) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + LONGEST + ": " + what + "\n" + seen.get());
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  static void until(String what, BooleanSupplier condition, Supplier<String> seen) {
    value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty(), seen);
  }
}
