package io.nsm.agent.sim;

import io.nsm.agent.lifecycle.Order;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Collectors;

/** True time, chance and what happens next. The same seed gives the same course of events. */
final class World {
  static final long MICROS = 1_000;
  static final long MILLIS = 1_000_000;
  static final long SECONDS = 1_000_000_000;

  /** How many lines of the transcript are kept. */
  private static final int MAX_LINES = Integer.getInteger("nsm.sim.lines", 120);

  private record Happening(long at, long order, Runnable action) {}

  private record Line(long at, Object[] parts) {
    @Override
    public String toString() {
      String text = Arrays.stream(parts).map(World::brief).collect(Collectors.joining(" "));
      return "%10.4f %s".formatted(at / 1e9, text);
    }
  }

  /** Without what is long, or differs from one JVM to the next. */
  private static String brief(Object part) {
    if (part instanceof Order.Launch launch) {
      return "Launch[run=%s, epoch=%s]".formatted(launch.run(), launch.epoch());
    }
    if (part instanceof Command.Declare declare) {
      return "Declare" + declare.specs().stream().map(ProcessSpec::name).toList();
    }
    if (part instanceof Command.Save save) {
      return "Save[%s@%s.%d]".formatted(save.process(), save.epoch(), save.sequence());
    }
    return String.valueOf(part);
  }

  final long seed;
  private final Random random;
  private final PriorityQueue<Happening> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::order));
  private final Deque<Line> lines = new ArrayDeque<>();
  private final Runnable afterEach;
  private long now;
  private long orders;
  private long events;

  World(long seed, Runnable afterEach) {
    this.seed = seed;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    this.afterEach = afterEach;
  }

  /** True time in nanoseconds, which nobody in the simulated world can read. */
  long now() {
    return now;
  }

  long events() {
    return events;
  }

  void after(long nanos, Runnable action) {
    queue.add(new Happening(now + Math.max(0, nanos), ++orders, action));
  }

  void runFor(long nanos) {
    long until = now + nanos;
    while (!queue.isEmpty() && queue.peek().at() <= until) {
      Happening next = queue.poll();
      now = next.at();
      events++;
      try {
        next.action().run();
        afterEach.run();
      } catch (IllegalStateException | IllegalArgumentException bug) {
        throw new Violation("the production code failed: " + bug, this, bug);
      }
    }
    now = until;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A number from low to high, both included. */
  long between(long low, long high) {
    return low >= high ? low : low + (long) (random.nextDouble() * (high - low + 1));
  }

  int pick(int bound) {
    return random.nextInt(bound);
  }

  double fraction() {
    return random.nextDouble();
  }

  /** Adds to the transcript. */
  void tell(Object... parts) {
    lines.addLast(new Line(now, parts));
    if (lines.size() > MAX_LINES) {
      lines.removeFirst();
    }
  }

  String transcript() {
    return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
  }
}
