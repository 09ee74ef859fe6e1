package io.nsm.agent.chaos;

import static io.nsm.agent.chaos.Fault.between;

import io.nsm.agent.chaos.Fault.Injection;
import io.nsm.agent.chaos.Fault.NotNow;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What disks do: full, read-only, of yesterday, empty. */
final class DiskFaults {
  /** How long a step of a repair may take on a busy machine. */
  private static final Duration STEP = Duration.ofSeconds(40);

  private DiskFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of("full", DiskFaults::full),
        Fault.of("readonly", DiskFaults::readOnly),
        Fault.alone("olddisk", DiskFaults::old),
        Fault.alone("emptied", DiskFaults::emptied));
  }

  private static Injection full(World world, Random random) {
    Machine machine = world.any(random);
    return new Injection(
        machine.name(),
        "",
        between(Duration.ofMillis(500), Duration.ofSeconds(6), random),
        machine::fillDisk,
        machine::freeDisk);
  }

  /** A disk that cannot be written is only found so at the start: files in use keep it writable. */
  private static Injection readOnly(World world, Random random) {
    Machine machine = world.any(random);
    return new Injection(
        machine.name(),
        "from its start on",
        between(Duration.ofSeconds(2), Duration.ofSeconds(6), random),
        () -> {
          machine.killAll();
          machine.makeReadOnly(true);
          machine.start();
        },
        () -> {
          machine.makeReadOnly(false);
          machine.start();
        });
  }

  /**
   * A host comes back with its disk of some seconds ago. Only while all the others are well and
   * have all that it forgot: more than that no set of voters can bear.
   */
  private static Injection old(World world, Random random) {
    Machine machine = world.any(random);
    Path copy = world.options().directory().resolve("old-" + machine.name());
    Duration age = between(Duration.ofSeconds(2), Duration.ofSeconds(8), random);
    return backAfter(
        machine,
        "of %.1f s ago".formatted(age.toMillis() / 1e3),
        () -> {
          machine.killAll();
          Machine.copy(machine.disk(), copy);
          machine.start();
          await("it to take part again", () -> all(world));
          TimeUnit.MILLISECONDS.sleep(age.toMillis());
          machine.killAll();
          await("the others to go on", () -> onlyMissing(world, machine));
          Machine.copy(copy, machine.disk());
          machine.start();
        });
  }

  /**
   * A voter whose disk is gone is refused. Of three it is let in again as the operating guide says:
   * after a term in which it never voted has begun. Of five the guide has no way; the disk is put
   * back.
   */
  private static Injection emptied(World world, Random random) {
    Machine machine = world.any(random);
    Path copy = world.options().directory().resolve("kept-" + machine.name());
    boolean again = world.machines().size() == 3;
    return backAfter(
        machine,
        again ? "let in again" : "put back",
        () -> {
          machine.killAll();
          Machine.copy(machine.disk(), copy);
          Machine.empty(machine.disk());
          refused(world, machine);
          try {
            if (again) {
              letIn(world, machine);
            }
          } catch (NotNow e) {
            putBack(machine, copy);
            throw e;
          }
          if (!again) {
            putBack(machine, copy);
          }
        });
  }

  /** Whatever came of it, the host is up in the end, and all agents that were killed for it. */
  private static Injection backAfter(Machine machine, String detail, Fault.Act inject) {
    return new Injection(machine.name(), detail, Duration.ZERO, inject, machine::start);
  }

  /** Nothing ran on it meanwhile: this is the disk of a host that was away. */
  private static void putBack(Machine machine, Path copy) throws IOException {
    Machine.copy(copy, machine.disk());
  }

  private static void refused(World world, Machine machine)
      throws IOException, InterruptedException, NotNow {
    machine.start();
    if (!machine.awaitEnd(STEP.toSeconds())) {
      world.journal().violation("the emptied disk of " + machine.name() + " was not refused");
    }
    machine.killAll();
    List<String> words = machine.lastWords(10);
    if (words.stream().noneMatch(line -> line.contains("is a voter"))) {
      world
          .journal()
          .violation("the emptied " + machine.name() + " ended, but not as a voter: " + words);
    }
  }

  private static void letIn(World world, Machine machine) throws NotNow, InterruptedException {
    await("the others to go on", () -> onlyMissing(world, machine));
    Machine leader = world.leader();
    leader.killAgent();
    TimeUnit.SECONDS.sleep(2);
    leader.start();
    await("a leader of a new term", () -> onlyMissing(world, machine));
    machine.initialise();
    machine.start();
  }

  /** Whether all hosts are there, by the word of each. */
  private static boolean all(World world) {
    return world.machines().stream()
        .map(Machine::status)
        .allMatch(status -> status.filter(it -> up(it) == world.machines().size()).isPresent());
  }

  /** Whether all but one are there and have a leader, by the word of each. */
  private static boolean onlyMissing(World world, Machine machine) {
    for (Machine other : world.machines()) {
      Optional<ClusterStatus> status = other.status();
      if (other != machine
          && status
              .filter(it -> it.quorum().present() && it.leader().isPresent())
              .filter(it -> !it.leader().get().name().equals(machine.name()))
              .filter(it -> up(it) == world.machines().size() - 1)
              .isEmpty()) {
        return false;
      }
      status.ifPresent(world::know);
    }
    return true;
  }

  private static long up(ClusterStatus status) {
    return status.hosts().stream()
        .filter(host -> host.presence() == HostStatus.Presence.UP)
        .count();
  }

  static void await(String what, BooleanSupplier condition) throws NotNow, InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > STEP.toNanos()) {
        throw new NotNow("within " + STEP + " there was not " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
