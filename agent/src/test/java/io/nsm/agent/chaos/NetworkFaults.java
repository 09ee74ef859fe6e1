package io.nsm.agent.chaos;

import static io.nsm.agent.chaos.Fault.between;

import io.nsm.agent.chaos.Fault.Injection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * What networks do: cables pulled and loose, cuts of every shape, and packets lost, late, twice.
 */
final class NetworkFaults {
  private NetworkFaults() {}

  static List<Fault> all() {
    return List.of(
        Fault.of("cut", NetworkFaults::cut),
        Fault.of("oneway", NetworkFaults::oneWay),
        Fault.of("split", NetworkFaults::split),
        Fault.of("ring", NetworkFaults::ring),
        Fault.of("flap", NetworkFaults::flap),
        Fault.of("loss", NetworkFaults::loss),
        Fault.of("delay", NetworkFaults::delay),
        Fault.of("duplicate", NetworkFaults::duplicate));
  }

  private static Duration hold(World world, Random random) {
    return between(Duration.ofMillis(300), world.lease().bound(0.001).multipliedBy(2), random);
  }

  private static Injection cut(World world, Random random) {
    int host = world.any(random).number();
    return new Injection(
        "host" + host,
        "",
        hold(world, random),
        () -> world.wires().pull(host),
        () -> world.wires().plug(host));
  }

  private static Injection oneWay(World world, Random random) {
    List<Machine> two = world.shuffled(random);
    int from = two.get(0).number();
    int to = two.get(1).number();
    boolean all = random.nextBoolean();
    return cutWhere(
        world,
        all ? "all to host" + to : "host" + from + " to host" + to,
        (a, b) -> b == to && (all || a == from),
        random);
  }

  private static Injection split(World world, Random random) {
    List<Machine> order = world.shuffled(random);
    int n = order.size();
    // 2|1 of three; 2|2|1, 3|2 or 4|1 of five.
    List<Integer> sizes =
        n == 3
            ? List.of(2, 1)
            : List.of(List.of(2, 2, 1), List.of(3, 2), List.of(4, 1)).get(random.nextInt(3));
    List<List<Integer>> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(order.subList(from, from + size).stream().map(Machine::number).toList());
      from += size;
    }
    String target =
        parts.stream()
            .map(part -> part.stream().map(String::valueOf).collect(Collectors.joining(" ")))
            .collect(Collectors.joining(" | "));
    return cutWhere(
        world,
        target,
        (a, b) -> parts.stream().noneMatch(part -> part.contains(a) && part.contains(b)),
        random);
  }

  /** Each host reaches its neighbours on a ring alone; of three hosts, two lose each other. */
  private static Injection ring(World world, Random random) {
    List<Integer> order = world.shuffled(random).stream().map(Machine::number).toList();
    int n = order.size();
    return cutWhere(
        world,
        order.stream().map(String::valueOf).collect(Collectors.joining("-")),
        (a, b) -> {
          int apart = Math.abs(order.indexOf(a) - order.indexOf(b));
          return n == 3 ? apart == 2 : apart != 1 && apart != n - 1;
        },
        random);
  }

  private static Injection cutWhere(
      World world, String target, BiPredicate<Integer, Integer> cut, Random random) {
    return lose(world, target, "", cut, 100, random);
  }

  private static Injection loss(World world, Random random) {
    int percent = random.nextInt(5, 50);
    int host = world.any(random).number();
    boolean all = random.nextBoolean();
    return lose(
        world,
        all ? "everywhere" : "host" + host,
        percent + " %",
        (a, b) -> all || a == host || b == host,
        percent,
        random);
  }

  private static Injection lose(
      World world,
      String target,
      String detail,
      BiPredicate<Integer, Integer> where,
      int percent,
      Random random) {
    return new Injection(
        target,
        detail,
        hold(world, random),
        () -> apply(world, where, percent),
        () -> apply(world, where, 0));
  }

  private static void apply(World world, BiPredicate<Integer, Integer> where, int percent) {
    int n = world.machines().size();
    for (int from = 1; from <= n; from++) {
      for (int to = 1; to <= n; to++) {
        if (from != to && where.test(from, to)) {
          world.wires().lose(from, to, percent);
        }
      }
    }
  }

  private static Injection flap(World world, Random random) {
    int host = world.any(random).number();
    int times = random.nextInt(3, 12);
    Random pauses = new Random(random.nextLong());
    return Injection.once(
        "host" + host,
        times + " times",
        () -> {
          for (int i = 0; i < times; i++) {
            world.wires().pull(host);
            TimeUnit.MILLISECONDS.sleep(pauses.nextInt(20, 500));
            world.wires().plug(host);
            TimeUnit.MILLISECONDS.sleep(pauses.nextInt(20, 300));
          }
        });
  }

  private static Injection delay(World world, Random random) {
    int host = world.any(random).number();
    int millis = random.nextInt(20, 300);
    return new Injection(
        "host" + host,
        world.wires().netem() ? millis + " ms" : "a slow link: no netem here",
        hold(world, random),
        () -> world.wires().slow(host, millis),
        () -> world.wires().clearQueue(host));
  }

  private static Injection duplicate(World world, Random random) {
    int host = world.any(random).number();
    return new Injection(
        "host" + host,
        "50 %",
        hold(world, random),
        () -> world.wires().duplicate(host),
        () -> world.wires().singleAgain(host));
  }
}
