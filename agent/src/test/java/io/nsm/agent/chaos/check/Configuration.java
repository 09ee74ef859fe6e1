package io.nsm.agent.chaos.check;

import java.util.BitSet;

/**
 * A point in the search for an order: the state of the key, which of the calls that have not
 * returned are in the order already (a bit for each slot), and which of those that never will.
 */
record Configuration(KeyState state, long done, BitSet used) {
  static final Configuration FIRST = new Configuration(KeyState.EMPTY, 0, new BitSet());

  boolean has(int slot) {
    return (done >>> slot & 1) != 0;
  }

  Configuration with(int slot, KeyState then) {
    return new Configuration(then, done | 1L << slot, used);
  }

  Configuration without(int slot) {
    return new Configuration(state, done & ~(1L << slot), used);
  }

  boolean used(int call) {
    return used.get(call);
  }

  Configuration using(int call, KeyState then) {
    BitSet more = (BitSet) used.clone();
    more.set(call);
    return new Configuration(then, done, more);
  }

  /** Whether this leaves all the freedom that the other leaves, which is alike but for that. */
  boolean needsNoMoreThan(Configuration other) {
    if (used.cardinality() > other.used().cardinality()) {
      return false;
    }
    BitSet more = (BitSet) used.clone();
    more.andNot(other.used());
    return more.isEmpty();
  }
}
