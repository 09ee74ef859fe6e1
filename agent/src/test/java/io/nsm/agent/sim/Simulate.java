package io.nsm.agent.sim;

import io.nsm.agent.sim.Faults.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs many seeds on all cores. Of the first one that violates an invariant it keeps as few faults
 * as still lead there, and prints that course of events.
 */
public final class Simulate {
  /** How many courses are tried to have fewer faults. */
  private static final int MAX_ATTEMPTS = 400;

  private final long from;
  private final long seeds;
  private final long end;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private volatile Optional<Long> failed = Optional.empty();

  private Simulate(long from, long seeds, long minutes) {
    this.from = from;
    this.seeds = seeds;
    this.end = System.nanoTime() + minutes * 60_000_000_000L;
  }

  /**
   * {@code [--seeds N] [--from S] [--minutes M]}: as many seeds, or as many as can be had in the
   * time. Ends with 1 at a violation.
   */
  public static void main(String[] args) throws InterruptedException {
    long from = 1;
    long seeds = 0;
    long minutes = 0;
    for (int i = 0; i + 1 < args.length; i += 2) {
      long value = Long.parseLong(args[i + 1]);
      switch (args[i]) {
        case "--seeds" -> seeds = value;
        case "--from" -> from = value;
        case "--minutes" -> minutes = value;
        default -> usage(args[i]);
      }
    }
    if (args.length % 2 != 0) {
      usage(args[args.length - 1]);
    }
    boolean timed = minutes > 0;
    long limit = seeds > 0 ? seeds : timed ? Long.MAX_VALUE / 2 : 100;
    System.exit(new Simulate(from, limit, timed ? minutes : 1_000_000).run());
  }

  private static void usage(String what) {
    System.err.println(
        "usage: simulate [--seeds N] [--from S] [--minutes M]; not understood: " + what);
    System.exit(2);
  }

  private int run() throws InterruptedException {
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
      Thread thread = new Thread(this::work, "simulate-" + core);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "%d seeds from %d: %s; %.1f seeds/s, %.1f virtual hours%n",
        done.get(),
        from,
        failed.map(seed -> "seed " + seed + " violates").orElse("no violation"),
        done.get() / seconds,
        nanos.get() / 3.6e12);
    failed.ifPresent(Simulate::explain);
    return failed.isPresent() ? 1 : 0;
  }

  private void work() {
    while (failed.isEmpty() && System.nanoTime() - end < 0) {
      long at = next.getAndIncrement();
      if (at >= seeds) {
        return;
      }
      try {
        nanos.addAndGet(Simulation.run(from + at).length());
      } catch (Violation violation) {
        failed = Optional.of(from + at);
      }
      done.incrementAndGet();
    }
  }

  private static void explain(long seed) {
    List<Fault> all = Simulation.plan(seed);
    Violation whole = violation(seed, all).orElseThrow();
    List<Fault> few = fewest(seed, all, whole.invariant());
    System.err.printf("of %d faults these lead to it:%n", all.size());
    few.forEach(fault -> System.err.println("  " + fault));
    Violation shown = violation(seed, few).orElse(whole);
    System.err.println(shown.getMessage());
    if (shown.getCause() != null) {
      shown.getCause().printStackTrace();
    }
  }

  private static Optional<Violation> violation(long seed, List<Fault> faults) {
    try {
      Simulation.run(seed, faults);
      return Optional.empty();
    } catch (Violation violation) {
      return Optional.of(violation);
    }
  }

  /** Leaves out parts of the faults, ever smaller ones, as long as the same is violated. */
  static List<Fault> fewest(long seed, List<Fault> all, String invariant) {
    List<Fault> kept = all;
    int part = Math.max(1, kept.size() / 2);
    int attempts = 0;
    while (attempts < MAX_ATTEMPTS) {
      boolean fewer = false;
      for (int i = 0; i < kept.size() && attempts < MAX_ATTEMPTS; ) {
        List<Fault> without = new ArrayList<>(kept.subList(0, i));
        without.addAll(kept.subList(Math.min(kept.size(), i + part), kept.size()));
        attempts++;
        boolean same =
            violation(seed, without).filter(v -> v.invariant().equals(invariant)).isPresent();
        if (same) {
          kept = without;
          fewer = true;
        } else {
          i += part;
        }
      }
      if (part == 1 && !fewer) {
        return kept;
      }
      part = Math.max(1, part / 2);
    }
    return kept;
  }
}
