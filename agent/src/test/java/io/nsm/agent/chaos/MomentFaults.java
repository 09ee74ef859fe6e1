package io.nsm.agent.chaos;

import io.nsm.agent.chaos.Fault.Injection;
import io.nsm.agent.chaos.Fault.NotNow;
import io.nsm.agent.cluster.Pids;
import io.nsm.supervisor.api.InstanceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Kills at a chosen moment: while a snapshot is taken, a checkpoint saved, a standby promoted. */
final class MomentFaults {
  private static final Duration LONGEST_WATCH = Duration.ofSeconds(15);
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(300);

  private MomentFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of("snapshot", MomentFaults::duringSnapshot),
        Fault.of("save", MomentFaults::duringSave),
        Fault.of("promotion", MomentFaults::duringPromotion));
  }

  private static Injection duringSnapshot(World world, Random random) {
    Machine machine = world.any(random);
    boolean power = random.nextBoolean();
    return thenStart(
        machine,
        power ? "power" : "agent",
        () -> {
          Path ledger = machine.disk().resolve("ledger");
          Set<Path> before = snapshots(ledger);
          watch("no snapshot began", () -> !before.containsAll(snapshots(ledger)));
          kill(machine, power);
        });
  }

  private static Set<Path> snapshots(Path ledger) {
    try (Stream<Path> files = Files.walk(ledger)) {
      Set<Path> found = new HashSet<>();
      files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("snapshot"))
          .forEach(found::add);
      return found;
    } catch (IOException | java.io.UncheckedIOException moved) {
      return Set.of(); // removed while being looked at; the next look tells
    }
  }

  /** The recorder has begun a save and knows nothing yet: its bytes may be put, the pointer not. */
  private static Injection duringSave(World world, Random random) throws NotNow {
    InstanceStatus active = world.active("recorder");
    Machine holder = world.machine(active.host().orElseThrow().name());
    Machine machine = random.nextBoolean() ? holder : world.leader();
    boolean power = random.nextBoolean();
    long late = random.nextInt(3_000_000);
    return thenStart(
        machine,
        power ? "power" : "agent",
        () -> {
          Recordings recordings = new Recordings(world.options().directory());
          Path saves =
              recordings
                  .newest("saves", active.id())
                  .orElseThrow(() -> new NotNow("no saves of " + active.id()));
          watch("no save began", () -> Recordings.lastLine(saves).contains("\"kind\":\"invoke\""));
          LockSupport.parkNanos(late);
          kill(machine, power);
        });
  }

  /** The active is killed, and whoever enters the next epoch with all of its host at once. */
  private static Injection duringPromotion(World world, Random random) throws NotNow {
    InstanceStatus active = world.active("recorder");
    long late = random.nextInt(20_000_000);
    boolean successor = random.nextBoolean();
    Machine leader = world.leader();
    Machine[] hit = {leader};
    return new Injection(
        active.id().toString(),
        successor ? "and its successor's host" : "and the leader " + leader.name(),
        Duration.ofSeconds(1),
        () -> {
          Recordings recordings = new Recordings(world.options().directory());
          long since = System.nanoTime();
          Pids.kill(active.pid().orElseThrow());
          if (successor) {
            Optional<String>[] host = new Optional[] {Optional.empty()};
            watch(
                "nobody was promoted",
                () -> {
                  host[0] = recordings.activatedAfter(since);
                  return host[0].isPresent();
                });
            hit[0] = world.machine(host[0].orElseThrow());
          } else {
            LockSupport.parkNanos(late);
          }
          hit[0].killAll();
        },
        () -> hit[0].start());
  }

  private static Injection thenStart(Machine machine, String detail, Fault.Act inject) {
    return new Injection(machine.name(), detail, Duration.ofMillis(500), inject, machine::start);
  }

  private static void kill(Machine machine, boolean power) {
    if (power) {
      machine.killAll();
    } else {
      machine.killAgent();
    }
  }

  private interface Look {
    boolean look() throws IOException;
  }

  private static void watch(String otherwise, Look condition) throws IOException, NotNow {
    long begun = System.nanoTime();
    while (!condition.look()) {
      if (System.nanoTime() - begun > LONGEST_WATCH.toNanos()) {
        throw new NotNow(otherwise);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }
}
