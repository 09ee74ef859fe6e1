package io.nsm.agent.chaos;

import io.nsm.agent.chaos.Fault.Injection;
import io.nsm.agent.chaos.Fault.NotNow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Chooses faults by chance, injects several at a time, and heals them. */
final class Nemesis {
  private static final int MOST_AT_A_TIME = 6;
  private static final int LONGEST_BETWEEN_MILLIS = 1500;

  private static final long HEAL_AGAIN = TimeUnit.MILLISECONDS.toNanos(300);

  private final World world;
  private final Journal journal;
  private final Random random;
  private final List<Fault> faults;

  /** What is still to come, so that no kind is forgotten by chance. */
  private final List<Fault> deck = new ArrayList<>();

  private record Due(long at, Fault.Act act) {}

  Nemesis(World world) {
    this.world = world;
    this.journal = world.journal();
    this.random = new Random(world.options().seed());
    this.faults = possible(world);
  }

  static List<Fault> known() {
    return Stream.of(
            ProcessFaults.all(),
            HostFaults.all(),
            NetworkFaults.all(),
            DiskFaults.all(),
            MomentFaults.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Fault> possible(World world) {
    List<String> wanted = world.options().faults();
    List<Fault> chosen = new ArrayList<>();
    for (Fault fault : known()) {
      if (!wanted.isEmpty() && !wanted.contains(fault.name())) {
        continue;
      }
      var missing = fault.missing().apply(world);
      missing.ifPresent(why -> world.journal().skipped(fault.name(), why));
      if (missing.isEmpty()) {
        chosen.add(fault);
      }
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("no fault is left to inject");
    }
    return chosen;
  }

  /** Injects what chance chooses, and heals it all. */
  void round() throws IOException, InterruptedException {
    List<Fault> chosen = choose();
    long begun = System.nanoTime();
    PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    long at = begun;
    for (Fault fault : chosen) {
      due.add(new Due(at, () -> inject(fault, due)));
      at += TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_BETWEEN_MILLIS));
    }
    while (!due.isEmpty()) {
      Due next = due.remove();
      TimeUnit.NANOSECONDS.sleep(next.at() - System.nanoTime());
      try {
        next.act().perform();
      } catch (NotNow impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    world.wires().mend();
  }

  private List<Fault> choose() {
    int count = random.nextInt(4) == 0 ? 1 : random.nextInt(2, MOST_AT_A_TIME + 1);
    List<Fault> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      Fault fault = draw();
      if (fault.alone()) {
        if (chosen.isEmpty()) {
          return List.of(fault);
        }
        deck.add(0, fault);
        break;
      }
      chosen.add(fault);
    }
    return chosen;
  }

  private Fault draw() {
    if (deck.isEmpty()) {
      deck.addAll(faults);
      java.util.Collections.shuffle(deck, random);
    }
    return deck.remove(0);
  }

  private void inject(Fault fault, PriorityQueue<Due> due) throws InterruptedException {
    Injection injection;
    try {
      injection = fault.plan().of(world, random);
    } catch (NotNow e) {
      journal.note(fault.name() + " not injected: " + e.getMessage());
      return;
    }
    int id = journal.begin(fault.name(), injection.target(), injection.detail());
    try {
      injection.inject().perform();
      journal.of("done", id);
    } catch (NotNow | IOException | Command.Failed e) {
      journal.failed(id, String.valueOf(e.getMessage()));
    }
    due.add(heal(id, injection, due, System.nanoTime() + injection.hold().toNanos()));
  }

  /** Tried until it works: two faults of one host may be in each other's way. */
  private Due heal(int id, Injection injection, PriorityQueue<Due> due, long at) {
    return new Due(
        at,
        () -> {
          journal.of("heal", id);
          try {
            injection.heal().perform();
            journal.of("healed", id);
          } catch (IOException | Command.Failed e) {
            journal.note("healing " + id + " is tried again: " + e.getMessage());
            due.add(heal(id, injection, due, System.nanoTime() + HEAL_AGAIN));
          }
        });
  }
}
