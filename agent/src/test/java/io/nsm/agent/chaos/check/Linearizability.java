package io.nsm.agent.chaos.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether the calls on one key can be put in one order that respects their times and in which each
 * comes to what it came to: the search of Wing and Gong with the memoisation of Lowe ("Testing for
 * linearizability", 2017), taking a call into the order only when one must have returned.
 *
 * <p>A call of unknown outcome may take effect at any moment after it began, or never. The search
 * gives up after a number of steps, and says so.
 *
 * <p>It is done first with the versions, which must grow along the order: that makes most orders
 * impossible and the search short. If there is none, it is done without them, to tell a value that
 * cannot be from a version that cannot be.
 */
final class Linearizability {
  /** Enough for a million calls on a key if few are pending at once; over in half a minute. */
  static final long MOST_STEPS = 5_000_000;

  /** What came of it. */
  sealed interface Verdict permits Holds, Violated, Undecided {}

  record Holds(int calls, long steps) implements Verdict {}

  /** Up to here there is an order; with this call, there is none. */
  record Violated(KeyCall call, Set<Optional<String>> possible, boolean byVersionsOnly)
      implements Verdict {}

  record Undecided(KeyCall call, String why) implements Verdict {}

  private static final int MOST_AT_ONCE = Long.SIZE;
  private static final KeyCall NONE = new KeyCall("", new KeyOperation.Absent(), 0, 0);
  private static final String UNSEEN = "(never seen)";

  private final List<KeyCall> calls;
  private final long mostSteps;
  private final KeyCall[] pending = new KeyCall[MOST_AT_ONCE];
  private final Map<KeyOperation, List<Integer>> unknown = new LinkedHashMap<>();
  private Set<Configuration> current = Set.of(Configuration.FIRST);
  private long steps;

  /** Judges all the calls on one key, which began without a value. */
  static Verdict judge(List<KeyCall> calls, long mostSteps) {
    Verdict strict = new Linearizability(told(calls, true), mostSteps).run();
    if (!(strict instanceof Violated violated)) {
      return strict;
    }
    return new Linearizability(told(calls, false), mostSteps).run() instanceof Holds
        ? new Violated(violated.call(), violated.possible(), true)
        : strict;
  }

  private Linearizability(List<KeyCall> calls, long mostSteps) {
    this.calls = calls;
    this.mostSteps = mostSteps;
    Arrays.fill(pending, NONE);
  }

  /** One moment of the history: a call begins, or returns. */
  private record Moment(long at, boolean begins, int call) {}

  private Verdict run() {
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      moments.add(new Moment(calls.get(i).invoked(), true, i));
      if (!calls.get(i).unknown()) {
        moments.add(new Moment(calls.get(i).returned(), false, i));
      }
    }
    // At the same time: first what begins, so that the two overlap.
    moments.sort(
        Comparator.comparingLong(Moment::at)
            .thenComparing(moment -> !moment.begins())
            .thenComparingInt(Moment::call));
    Map<Integer, Integer> slots = new HashMap<>();
    for (Moment moment : moments) {
      KeyCall call = calls.get(moment.call());
      if (!moment.begins()) {
        int slot = Optional.ofNullable(slots.remove(moment.call())).orElseThrow();
        Set<Configuration> before = current;
        current = returned(slot);
        pending[slot] = NONE;
        if (steps > mostSteps) {
          return new Undecided(call, "more than " + mostSteps + " steps");
        }
        if (current.isEmpty()) {
          return new Violated(call, values(before), false);
        }
      } else if (call.unknown()) {
        unknown.computeIfAbsent(call.operation(), key -> new ArrayList<>()).add(moment.call());
      } else {
        int slot = freeSlot();
        if (slot < 0) {
          return new Undecided(call, "more than " + MOST_AT_ONCE + " calls at once");
        }
        pending[slot] = call;
        slots.put(moment.call(), slot);
      }
    }
    return new Holds(calls.size(), steps);
  }

  private int freeSlot() {
    for (int slot = 0; slot < pending.length; slot++) {
      if (pending[slot] == NONE) {
        return slot;
      }
    }
    return -1;
  }

  /** All that can be the case when the call in this slot has returned. */
  private Set<Configuration> returned(int slot) {
    Memory after = new Memory();
    Memory seen = new Memory();
    ArrayDeque<Configuration> open = new ArrayDeque<>();
    for (Configuration before : current) {
      take(settled(before), slot, after, seen, open);
    }
    while (!open.isEmpty() && steps <= mostSteps) {
      expand(open.remove(), slot, after, seen, open);
    }
    return after.all();
  }

  /** Either the call is in the order by now, or the search goes on from here. */
  private void take(
      Configuration configuration,
      int slot,
      Memory after,
      Memory seen,
      ArrayDeque<Configuration> open) {
    steps++;
    if (deadEnd(configuration)) {
      return;
    }
    if (configuration.has(slot)) {
      after.add(configuration.without(slot));
    } else if (seen.add(configuration)) {
      open.add(configuration);
    }
  }

  private void expand(
      Configuration from, int slot, Memory after, Memory seen, ArrayDeque<Configuration> open) {
    for (int other = 0; other < pending.length; other++) {
      if (pending[other] != NONE && !from.has(other)) {
        Optional<KeyState> then = pending[other].operation().apply(from.state());
        if (then.isPresent()) {
          take(settled(from.with(other, then.get())), slot, after, seen, open);
        }
      }
    }
    for (Map.Entry<KeyOperation, List<Integer>> alike : unknown.entrySet()) {
      Optional<KeyState> then = alike.getKey().apply(from.state());
      if (then.isPresent() && !then.get().equals(from.state())) {
        // Calls that are alike and never return can stand for each other: the first will do.
        for (int call : alike.getValue()) {
          if (!from.used(call)) {
            take(settled(from.using(call, then.get())), slot, after, seen, open);
            break;
          }
        }
      }
    }
  }

  /** With all calls in the order that change nothing and can be now: later is no better. */
  private Configuration settled(Configuration configuration) {
    Configuration settled = configuration;
    for (int slot = 0; slot < pending.length; slot++) {
      if (pending[slot] != NONE
          && !settled.has(slot)
          && pending[slot]
              .operation()
              .apply(settled.state())
              .filter(settled.state()::equals)
              .isPresent()) {
        settled = settled.with(slot, settled.state());
      }
    }
    return settled;
  }

  private boolean deadEnd(Configuration configuration) {
    for (int slot = 0; slot < pending.length; slot++) {
      if (pending[slot] != NONE
          && !configuration.has(slot)
          && pending[slot].operation().hopeless(configuration.state())) {
        return true;
      }
    }
    return false;
  }

  private static Set<Optional<String>> values(Set<Configuration> configurations) {
    Set<Optional<String>> values = new HashSet<>();
    configurations.forEach(one -> values.add(one.state().value()));
    return values;
  }

  /** The calls with the versions that any of them was told, or without versions. */
  private static List<KeyCall> told(List<KeyCall> calls, boolean versions) {
    Map<String, Long> known = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (KeyCall call : calls) {
      call.operation().seen().ifPresent(seen::add);
      if (call.operation() instanceof KeyOperation.Read read && read.version() > 0) {
        known.put(read.value(), read.version());
      }
    }
    return calls.stream()
        .map(
            call ->
                call.with(
                    call.operation()
                        .told(
                            new Told(
                                versions,
                                known,
                                value -> !call.unknown() || seen.contains(value)))))
        .toList();
  }

  /** What all calls of a key tell together. */
  private record Told(boolean versions, Map<String, Long> known, Predicate<String> named)
      implements KeyOperation.Knowledge {
    @Override
    public long version(String value, long told) {
      return !versions ? 0 : told > 0 ? told : known.getOrDefault(value, 0L);
    }

    @Override
    public String named(String value) {
      return named.test(value) ? value : UNSEEN;
    }
  }
}
