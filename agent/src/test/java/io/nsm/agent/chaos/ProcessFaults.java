package io.nsm.agent.chaos;

import static io.nsm.agent.chaos.Fault.between;

import io.nsm.agent.chaos.Fault.Injection;
import io.nsm.agent.chaos.Fault.NotNow;
import io.nsm.agent.cluster.Pids;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Faults of single programs: killed, stopped for a while, with a wall clock that jumps. */
final class ProcessFaults {
  private ProcessFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of("process", ProcessFaults::kill),
        Fault.of("pause-process", ProcessFaults::pauseProcess),
        Fault.of("agent", ProcessFaults::killAgent),
        Fault.of("pause-agent", ProcessFaults::pauseAgent),
        Fault.of("clock", ProcessFaults::jump)
            .unless(
                world ->
                    world.options().fakeClock().isPresent()
                        ? java.util.Optional.empty()
                        : java.util.Optional.of("libfaketime is not installed")));
  }

  /** Mostly one that acts, as little depends on the others. */
  private static InstanceStatus victim(World world, Random random) throws NotNow {
    int dice = random.nextInt(10);
    if (dice < 5) {
      return world.active("recorder");
    }
    List<InstanceStatus> all = world.instances();
    List<InstanceStatus> acting =
        all.stream().filter(instance -> instance.state() == InstanceState.ACTIVE).toList();
    if (all.isEmpty()) {
      throw new NotNow("no instance runs");
    }
    List<InstanceStatus> some = dice < 7 && !acting.isEmpty() ? acting : all;
    return some.get(random.nextInt(some.size()));
  }

  private static Injection kill(World world, Random random) throws NotNow {
    InstanceStatus victim = victim(world, random);
    return Injection.once(
        victim.id().toString(), victim.state().toString(), () -> hit(victim.pid().get()));
  }

  private static void hit(long pid) throws NotNow {
    if (!Pids.lives(pid)) {
      throw new NotNow("it is gone already");
    }
    Pids.kill(pid);
  }

  /** Half of the pauses are shorter than the lease, half outlive it and the margin. */
  private static Duration pause(World world, Random random) {
    Duration ttl = world.lease().ttl();
    return random.nextBoolean()
        ? between(Duration.ofMillis(100), ttl.multipliedBy(9).dividedBy(10), random)
        : between(ttl, ttl.multipliedBy(2).plus(world.lease().margin()), random);
  }

  private static Injection pauseProcess(World world, Random random) throws NotNow {
    InstanceStatus victim = victim(world, random);
    long pid = victim.pid().get();
    return pause(victim.id() + " " + victim.state(), pid, pause(world, random));
  }

  private static Injection pauseAgent(World world, Random random) throws NotNow {
    Machine machine = random.nextBoolean() ? world.leader() : world.any(random);
    long pid =
        machine.agentPid().orElseThrow(() -> new NotNow("no agent runs on " + machine.name()));
    return pause(machine.name(), pid, pause(world, random));
  }

  private static Injection pause(String target, long pid, Duration length) {
    return new Injection(
        target,
        "%.1f s".formatted(length.toMillis() / 1e3),
        length,
        () -> {
          if (!Pids.lives(pid)) {
            throw new NotNow("it is gone already");
          }
          Pids.signal(pid, "STOP");
        },
        () -> Pids.continueIfThere(pid));
  }

  private static Injection killAgent(World world, Random random) {
    Machine machine = world.any(random);
    Duration down = between(Duration.ZERO, world.lease().ttl().multipliedBy(2), random);
    return new Injection(
        machine.name(),
        "%.1f s".formatted(down.toMillis() / 1e3),
        down,
        () -> {
          if (!machine.runs()) {
            throw new NotNow("no agent runs there");
          }
          machine.killAgent();
        },
        machine::start);
  }

  private static Injection jump(World world, Random random) {
    Machine machine = world.any(random);
    Path clock = world.clock(machine);
    long seconds = random.nextLong(-100_000, 100_000);
    return new Injection(
        "recorder on " + machine.name(),
        "%+d s".formatted(seconds),
        between(Duration.ofSeconds(1), Duration.ofSeconds(5), random),
        () -> set(clock, seconds),
        () -> set(clock, 0));
  }

  private static void set(Path clock, long seconds) throws IOException {
    Path next = clock.resolveSibling(clock.getFileName() + ".next");
    Files.writeString(next, "%+d%n".formatted(seconds));
    Files.move(next, clock, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
