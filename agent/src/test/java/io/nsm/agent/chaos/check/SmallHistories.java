package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Random histories of a few calls, and every order of them tried. */
final class SmallHistories {
  private SmallHistories() {}

  /**
   * Up to seven calls; mostly what a register would answer at some moment of the call, and now and
   * then something else.
   */
  static List<KeyCall> random(Random random) {
    boolean versions = random.nextBoolean();
    int count = 1 + random.nextInt(7);
    List<KeyCall> calls = new ArrayList<>();
    KeyState state = KeyState.EMPTY;
    for (int i = 0; i < count; i++) {
      long effect = 10L * i;
      long from = effect - random.nextInt(25);
      long to = effect + random.nextInt(25);
      KeyState seen = random.nextInt(5) == 0 ? odd(random, i, versions) : state;
      KeyOperation operation = operation(random, seen, i, versions);
      boolean unknown = random.nextInt(4) == 0 && changes(operation);
      if (!unknown || random.nextBoolean()) {
        state = operation.apply(state).orElse(state);
      }
      calls.add(new KeyCall("c" + i, operation, from, unknown ? KeyCall.NEVER : to));
    }
    return calls;
  }

  private static KeyState odd(Random random, int before, boolean versions) {
    int other = random.nextInt(before + 1);
    return random.nextInt(3) == 0
        ? KeyState.EMPTY
        : new KeyState(Optional.of("v" + other), versions ? other + 1 : 0);
  }

  private static KeyOperation operation(Random random, KeyState seen, int i, boolean versions) {
    String value = "v" + i;
    long version = versions && random.nextBoolean() ? i + 1 : 0;
    String there = seen.value().orElse("");
    boolean present = seen.value().isPresent();
    return switch (random.nextInt(6)) {
      case 0 -> new KeyOperation.Write(value, version);
      case 1 ->
          present
              ? new KeyOperation.Read(there, versions ? seen.newest() : 0)
              : new KeyOperation.WriteIfAbsent(value, version);
      case 2 ->
          present
              ? new KeyOperation.Replaced(there, value, version)
              : new KeyOperation.NotReplaced("v" + random.nextInt(i + 1));
      case 3 -> present ? new KeyOperation.Removed() : new KeyOperation.Absent();
      case 4 -> new KeyOperation.NotReplaced("v" + random.nextInt(i + 1));
      default ->
          present
              ? new KeyOperation.Read(there, versions ? seen.newest() : 0)
              : new KeyOperation.Absent();
    };
  }

  private static boolean changes(KeyOperation operation) {
    return !(operation instanceof KeyOperation.Read
        || operation instanceof KeyOperation.Absent
        || operation instanceof KeyOperation.NotReplaced);
  }

  /** Tries each order that the times allow, with and without each call of unknown outcome. */
  static boolean linearizable(List<KeyCall> calls) {
    Map<String, Long> read = new HashMap<>();
    for (KeyCall call : calls) {
      if (call.operation() instanceof KeyOperation.Read one && one.version() > 0) {
        read.put(one.value(), one.version());
      }
    }
    return linearizable(
        calls.stream().map(call -> call.with(versioned(call.operation(), read))).toList(),
        KeyState.EMPTY);
  }

  /** A write that was not told its version had the one that was read. */
  private static KeyOperation versioned(KeyOperation operation, Map<String, Long> read) {
    if (operation instanceof KeyOperation.Write write && write.version() == 0) {
      return new KeyOperation.Write(write.value(), read.getOrDefault(write.value(), 0L));
    }
    if (operation instanceof KeyOperation.WriteIfAbsent write && write.version() == 0) {
      return new KeyOperation.WriteIfAbsent(write.value(), read.getOrDefault(write.value(), 0L));
    }
    if (operation instanceof KeyOperation.Replaced write && write.version() == 0) {
      return new KeyOperation.Replaced(
          write.expected(), write.value(), read.getOrDefault(write.value(), 0L));
    }
    return operation;
  }

  private static boolean linearizable(List<KeyCall> left, KeyState state) {
    if (left.stream().allMatch(KeyCall::unknown)) {
      return true;
    }
    long firstEnd = left.stream().mapToLong(KeyCall::returned).min().orElseThrow();
    for (KeyCall next : left) {
      if (next.invoked() <= firstEnd) {
        List<KeyCall> rest = new ArrayList<>(left);
        rest.remove(next);
        Optional<KeyState> then = next.operation().apply(state);
        if (then.isPresent() && linearizable(rest, then.get())) {
          return true;
        }
      }
    }
    return false;
  }
}
