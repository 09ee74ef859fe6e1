package io.nsm.agent.chaos;

import static io.nsm.agent.chaos.Fault.between;

import io.nsm.agent.chaos.Fault.Injection;
import io.nsm.agent.chaos.Fault.NotNow;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Whole hosts that lose their power: one, the ledger's leader, most of them, all. */
final class HostFaults {
  private HostFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of("host", (world, random) -> one(world, world.any(random), random)),
        Fault.of("leader", (world, random) -> one(world, world.leader(), random)),
        Fault.of("majority", HostFaults::majority),
        Fault.of("all", HostFaults::everything),
        Fault.of("absent", HostFaults::absent));
  }

  private static Injection one(World world, Machine machine, Random random) {
    Duration down =
        between(Duration.ofMillis(100), world.lease().bound(0.001).multipliedBy(2), random);
    return down(List.of(machine), down, Duration.ZERO);
  }

  private static Injection majority(World world, Random random) {
    List<Machine> lost = world.shuffled(random).subList(0, world.majority());
    return down(
        lost, between(Duration.ofMillis(500), Duration.ofSeconds(5), random), spread(random));
  }

  private static Injection everything(World world, Random random) {
    return down(
        world.shuffled(random),
        between(Duration.ofMillis(100), Duration.ofSeconds(2), random),
        spread(random));
  }

  /** Long enough that the others have gone on by a snapshot or two, and have removed entries. */
  private static Injection absent(World world, Random random) {
    return down(
        List.of(world.any(random)),
        between(Duration.ofSeconds(10), Duration.ofSeconds(16), random),
        Duration.ZERO);
  }

  private static Duration spread(Random random) {
    return random.nextBoolean()
        ? Duration.ZERO
        : between(Duration.ZERO, Duration.ofSeconds(2), random);
  }

  /** Hosts lose their power, and get it back one after the other. */
  private static Injection down(List<Machine> hosts, Duration down, Duration between) {
    return new Injection(
        hosts.stream().map(Machine::name).collect(Collectors.joining(" ")),
        "%.1f s".formatted(down.toMillis() / 1e3),
        down,
        () -> {
          if (hosts.stream().noneMatch(Machine::runs)) {
            throw new NotNow("it is down already");
          }
          hosts.forEach(Machine::killAll);
        },
        () -> {
          for (Machine host : hosts) {
            host.start();
            TimeUnit.MILLISECONDS.sleep(between.toMillis());
          }
        });
  }
}
