package io.nsm.agent.sim;

/** An invariant does not hold. The message has the seed and what happened before. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  Violation(String what, World world) {
    super(text(what, world));
    this.invariant = name(what);
  }

  Violation(String what, World world, Throwable cause) {
    super(text(what, world), cause);
    this.invariant = name(what);
  }

  /** What is violated, in a word. */
  String invariant() {
    return invariant;
  }

  private static String name(String what) {
    return what.substring(0, what.indexOf(' '));
  }

  private static String text(String what, World world) {
    return "%s%nat %.4f s of seed %d; replay: scripts/simulate --seeds 1 --from %d%n%s"
        .formatted(what, world.now() / 1e9, world.seed, world.seed, world.transcript());
  }
}
