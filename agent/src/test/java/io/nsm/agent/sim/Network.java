package io.nsm.agent.sim;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Carries what agents say to each other: late, twice, in another order, or not at all. */
final class Network {
  private record Way(int from, int to) {}

  /** What becomes of a message in a scripted course of events. */
  interface Rule {
    long PASSES = 0;
    long IS_LOST = -1;

    /** How many nanoseconds later it arrives, or {@link #IS_LOST}. */
    long delay(Host from, Host to, Object what);
  }

  private final World world;
  private Rule rule = (from, to, what) -> Rule.PASSES;
  private final Set<Way> cuts = new HashSet<>();
  private boolean answersLost;
  private double loss;
  private double duplicate;
  private long maxDelay = 2 * World.MILLIS;

  Network(World world) {
    this.world = world;
  }

  /** Whatever agent lives on the host when it arrives takes the message. */
  void send(Host from, Host to, Object what, Consumer<AgentLife> delivery) {
    long ruled = rule.delay(from, to, what);
    if (ruled == Rule.IS_LOST) {
      return;
    }
    if (from == to) {
      world.after(ruled + world.between(5, 50) * World.MICROS, () -> to.mail(delivery));
      return;
    }
    boolean lost = cuts.contains(new Way(from.index, to.index)) || world.chance(loss);
    if (lost || (answersLost && what.equals("answer") && world.chance(0.8))) {
      return;
    }
    world.after(ruled + delay(), () -> to.mail(delivery));
    if (world.chance(duplicate)) {
      world.after(delay() * 5, () -> to.mail(delivery));
    }
  }

  private long delay() {
    long usual = world.between(50 * World.MICROS, maxDelay);
    return world.chance(duplicate) ? usual + world.between(0, 3 * World.SECONDS) : usual;
  }

  void rule(Rule rule) {
    this.rule = rule;
  }

  void cut(Host from, Host to) {
    cuts.add(new Way(from.index, to.index));
  }

  void cutBoth(Host one, Host other) {
    cut(one, other);
    cut(other, one);
  }

  /** What the ledger says to most submissions is lost: their outcome stays unknown. */
  void loseAnswers(boolean lose) {
    world.tell("the ledger's answers are lost");
    answersLost = lose;
  }

  void disturb(double loss, double duplicate, long maxDelay) {
    this.loss = loss;
    this.duplicate = duplicate;
    this.maxDelay = maxDelay;
  }

  void heal() {
    rule = (from, to, what) -> Rule.PASSES;
    cuts.clear();
    answersLost = false;
    disturb(0, 0, 2 * World.MILLIS);
  }
}
