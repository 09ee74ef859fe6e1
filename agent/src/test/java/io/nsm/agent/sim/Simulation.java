package io.nsm.agent.sim;

import io.nsm.agent.sim.Faults.Fault;
import java.util.List;

/** One random course of events: a cluster, faults, calm; all from the seed. */
final class Simulation {
  private static final List<Cluster.Size> SIZES =
      List.of(
          new Cluster.Size(1, 0, 0),
          new Cluster.Size(2, 1, 0),
          new Cluster.Size(5, 0, 0),
          new Cluster.Size(3, 0, 2),
          new Cluster.Size(2, 1, 1),
          new Cluster.Size(3, 0, 0),
          new Cluster.Size(3, 0, 0),
          new Cluster.Size(3, 0, 0));

  private Simulation() {}

  /**
   * What a course of events came to.
   *
   * @param length in nanoseconds of true time
   */
  record Course(long length, long events, int grants, int effects, int saves, int writes) {}

  /**
   * Runs one seed.
   *
   * @throws Violation if an invariant does not hold
   */
  static Course run(long seed, Habit... habits) {
    return run(seed, plan(seed), habits);
  }

  /** All that breaks in the course of a seed. */
  static List<Fault> plan(long seed) {
    return Faults.plan(seed, (10 + Math.floorMod(seed * 31, 16)) * World.SECONDS);
  }

  /** Runs one seed with these faults. */
  static Course run(long seed, List<Fault> faults, Habit... habits) {
    Cluster.Size size = SIZES.get((int) Math.floorMod(seed, (long) SIZES.size()));
    Cluster cluster = Cluster.of(seed, size, habits);
    World world = cluster.world;
    cluster.cautiousLeaders = world.chance(0.7);
    cluster.preVotes = world.chance(0.6);
    cluster.slowDisks = world.chance(0.3) ? 0.02 : 0;
    cluster.quietWrites = world.chance(0.5) ? 0.03 : 0;
    cluster.hosts.forEach(host -> host.clockRate(1 + clockError(world)));
    cluster.start();
    cluster.declare(Declared.everything(Math.min(size.voters() + size.others(), 2)));
    world.runFor(world.between(0, 5) * World.SECONDS);
    cluster.launchFailures = world.chance(0.3) ? 0.2 : 0;
    cluster.wanted(Declared.REPORT, true);
    cluster.wanted(Declared.SWEEP, true);
    new Faults(cluster).begin(faults);
    if (size.voters() + size.witnesses() > 1 && world.chance(0.3)) {
      world.after(world.between(1, 15) * World.SECONDS, cluster.hosts.get(0)::loseBytes);
    }
    long last = faults.isEmpty() ? 0 : faults.get(faults.size() - 1).at();
    world.runFor(last + 3 * World.SECONDS);
    cluster.calm();
    cluster.settle();
    return new Course(
        world.now(),
        world.events(),
        cluster.truth.grants(),
        cluster.acts.effects,
        cluster.truth.acknowledgements,
        cluster.maps.done);
  }

  private static double clockError(World world) {
    double most = Cluster.CLOCK_ERROR;
    return world.chance(0.3)
        ? (world.chance(0.5) ? most : -most)
        : most * (2 * world.fraction() - 1);
  }
}
