package io.nsm.agent.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * A kind of fault that the nemesis may inject.
 *
 * @param name as given to {@code --faults}
 * @param alone whether nothing else may be wrong meanwhile, because the promise presumes that
 * @param missing why it cannot be had here; empty if it can
 * @param plan chooses the target and the times
 */
record Fault(String name, boolean alone, Function<World, Optional<String>> missing, Plan plan) {

  static Fault of(String name, Plan plan) {
    return new Fault(name, false, world -> Optional.empty(), plan);
  }

  static Fault alone(String name, Plan plan) {
    return new Fault(name, true, world -> Optional.empty(), plan);
  }

  Fault unless(Function<World, Optional<String>> reason) {
    return new Fault(name, alone, reason, plan);
  }

  /** Chooses by chance; the target may no longer be there when it is injected. */
  interface Plan {
    Injection of(World world, Random random) throws NotNow;
  }

  /** What is done to the world, or undone. */
  interface Act {
    void perform() throws IOException, InterruptedException, NotNow;
  }

  /** The fault cannot be injected as things are: there is nothing to hit. */
  static final class NotNow extends Exception {
    private static final long serialVersionUID = 1L;

    NotNow(String why) {
      super(why);
    }
  }

  /**
   * A fault with its target.
   *
   * @param hold from the fault to its healing
   */
  record Injection(String target, String detail, Duration hold, Act inject, Act heal) {

    /** A fault that needs no healing but what the cluster does itself. */
    static Injection once(String target, String detail, Act inject) {
      return new Injection(target, detail, Duration.ZERO, inject, () -> {});
    }
  }

  /** A length of time between two, by chance. */
  static Duration between(Duration least, Duration most, Random random) {
    return Duration.ofMillis(
        least.toMillis() + (long) (random.nextDouble() * (most.toMillis() - least.toMillis())));
  }
}
