package io.nsm.agent.sim;

/** One random course of events: a cluster, faults, calm; all from the seed. */
public final class Simulation {
  private Simulation() {}

  /** What a course of events came to. */
  record Course(long events, int grants, int effects, int saves) {}

  /**
   * Runs one seed.
   *
   * @throws Violation if an invariant does not hold
   */
  static Course run(long seed, Habit... habits) {
    int shape = (int) Math.floorMod(seed, 8L);
    int hosts = shape == 0 ? 1 : shape == 1 ? 2 : 3;
    int witnesses = shape == 1 ? 1 : 0;
    Cluster cluster = Cluster.of(seed, hosts, witnesses, habits);
    World world = cluster.world;
    cluster.cautiousLeaders = world.chance(0.7);
    for (Host host : cluster.hosts) {
      double most = Cluster.CLOCK_ERROR;
      double error =
          world.chance(0.3)
              ? (world.chance(0.5) ? most : -most)
              : most * (2 * world.fraction() - 1);
      host.clockRate(1 + error);
    }
    cluster.start();
    cluster.declare(Declared.everything(Math.min(hosts, 2)));
    world.runFor(world.between(0, 5) * World.SECONDS);
    cluster.launchFailures = world.chance(0.3) ? 0.2 : 0;
    cluster.wanted(Declared.REPORT, true);
    cluster.wanted(Declared.SWEEP, true);
    long length = world.between(10, 25) * World.SECONDS;
    new Faults(cluster, length).begin();
    if (world.chance(0.3)) {
      new Faults(cluster, length).begin();
    }
    world.runFor(length + 3 * World.SECONDS);
    cluster.calm();
    cluster.settle();
    return new Course(
        world.events(),
        cluster.truth.grants(),
        cluster.acts.effects,
        cluster.truth.acknowledgements);
  }

  /** {@code --seeds N [--from S]}: runs that many seeds, and ends with 1 at the first violation. */
  public static void main(String[] args) {
    long from = 1;
    long seeds = 100;
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--seeds")) {
        seeds = Long.parseLong(args[i + 1]);
      } else if (args[i].equals("--from")) {
        from = Long.parseLong(args[i + 1]);
      } else {
        System.err.println("usage: simulate [--seeds N] [--from S]; not known: " + args[i]);
        System.exit(2);
      }
    }
    long began = System.nanoTime();
    for (long seed = from; seed < from + seeds; seed++) {
      try {
        run(seed);
      } catch (Violation violation) {
        System.err.println(violation.getMessage());
        if (violation.getCause() != null) {
          violation.getCause().printStackTrace();
        }
        System.exit(1);
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "%d seeds from %d: no violation; %.1f seeds/s%n", seeds, from, seeds / seconds);
  }
}
