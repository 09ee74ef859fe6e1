package io.nsm.agent.sim;

import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What breaks in a random course of events, each for a while, and what the operator does. All of it
 * is planned from the seed before anything runs, so that a part of the plan can be played alone.
 */
final class Faults {
  /**
   * One thing that breaks.
   *
   * @param number its place in the plan
   * @param at when, in true time after the beginning
   * @param length for how long
   * @param choice the seed of what it chooses
   */
  record Fault(int number, long at, Kind kind, long length, long choice) {
    @Override
    public String toString() {
      return "%d: %s at %.3f s for %.3f s".formatted(number, kind, at / 1e9, length / 1e9);
    }
  }

  /** What can break; {@code weight} says how often it does. */
  enum Kind {
    CRASH(4),
    HANG(1),
    HANG_IN_KERNEL(1),
    STOP_RUN(2),
    BREAK_LINK(1),
    KILL_AGENT(1),
    KILL_LEADER(1),
    CUT_POWER(1),
    STOP_AGENT(1),
    STOP_LEADER(1),
    SUSPEND(1),
    PAUSE_GUEST(1),
    CUT_ONE_WAY(1),
    DEAFEN(1),
    ISOLATE(1),
    DISTURB(1),
    LOSE_ANSWERS(1),
    LAG(1),
    ROLL(1),
    OPERATE(2);

    final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  private static final List<Kind> BY_WEIGHT = byWeight();

  private final Cluster cluster;
  private final World world;

  Faults(Cluster cluster) {
    this.cluster = cluster;
    this.world = cluster.world;
  }

  private static List<Kind> byWeight() {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < kind.weight; i++) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /** All that breaks within a time; in some seeds twice as often. */
  static List<Fault> plan(long seed, long length) {
    Random random = new Random(seed * 0xD1342543DE82EF95L + 7);
    long most = random.nextInt(10) < 3 ? 1500 * World.MILLIS : 3000 * World.MILLIS;
    List<Fault> plan = new ArrayList<>();
    long at = 0;
    while (true) {
      at += 50 * World.MILLIS + (long) (random.nextDouble() * most);
      if (at > length) {
        return plan;
      }
      Kind kind = BY_WEIGHT.get(random.nextInt(BY_WEIGHT.size()));
      long lasts = 10 * World.MILLIS + (long) (random.nextDouble() * 5 * World.SECONDS);
      plan.add(new Fault(plan.size(), at, kind, lasts, random.nextLong()));
    }
  }

  void begin(List<Fault> plan) {
    for (Fault fault : plan) {
      world.after(fault.at(), () -> new Breaking(fault).begin());
    }
  }

  private final class Breaking {
    private final Fault fault;
    private final Random random;

    Breaking(Fault fault) {
      this.fault = fault;
      this.random = new Random(fault.choice());
    }

    void begin() {
      Host host = any(cluster.hosts);
      Host leader = cluster.leader().orElse(host);
      switch (fault.kind()) {
        case CRASH -> anyRun().ifPresent(Run::crash);
        case HANG -> anyRun().ifPresent(run -> forAWhile(run::hang, run::recover));
        case HANG_IN_KERNEL ->
            anyRun().ifPresent(run -> forAWhile(run::hangInKernel, run::recover));
        case STOP_RUN -> anyRun().ifPresent(run -> forAWhile(run::stop, run::recover));
        case BREAK_LINK -> anyRun().ifPresent(Run::breakLink);
        case KILL_AGENT -> killAgent(host);
        case KILL_LEADER -> killAgent(leader);
        case CUT_POWER -> cutPower(host);
        case STOP_AGENT -> stopAgent(host);
        case STOP_LEADER -> stopAgent(leader);
        case SUSPEND -> forAWhile(host::suspend, host::thaw);
        case PAUSE_GUEST -> forAWhile(host::pauseGuest, host::thaw);
        case CUT_ONE_WAY -> cut(host, any(cluster.hosts));
        case DEAFEN -> deafen(host);
        case ISOLATE -> isolate(host);
        case DISTURB -> disturb();
        case LOSE_ANSWERS -> forAWhile(() -> cluster.network.loseAnswers(true), this::healAll);
        case LAG -> lag(host);
        case ROLL -> roll(0);
        case OPERATE -> operate();
      }
    }

    private void forAWhile(Runnable breaks, Runnable mends) {
      breaks.run();
      world.after(fault.length(), mends);
    }

    private <T> T any(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    private Optional<Run> anyRun() {
      List<Run> runs = cluster.runs();
      return runs.isEmpty() ? Optional.empty() : Optional.of(any(runs));
    }

    private void killAgent(Host host) {
      if (host.agent.isPresent()) {
        forAWhile(host::killAgent, host::startAgent);
      }
    }

    private void cutPower(Host host) {
      if (host.powered) {
        host.powerOff();
        world.after(fault.length() / 2, host::powerOn);
        world.after(fault.length(), host::startAgent);
      }
    }

    private void stopAgent(Host host) {
      host.agent.ifPresent(life -> forAWhile(life::stop, life::goOn));
    }

    private void cut(Host from, Host to) {
      world.tell("cut from", from, "to", to);
      forAWhile(() -> cluster.network.cut(from, to), this::healAll);
    }

    private void deafen(Host host) {
      world.tell("cut to", host);
      cluster.hosts.stream()
          .filter(other -> other != host)
          .forEach(other -> cluster.network.cut(other, host));
      world.after(fault.length(), this::healAll);
    }

    private void isolate(Host host) {
      world.tell("cut around", host);
      cluster.hosts.stream()
          .filter(other -> other != host)
          .forEach(other -> cluster.network.cutBoth(host, other));
      world.after(fault.length(), this::healAll);
    }

    private void disturb() {
      world.tell("bad network");
      cluster.network.disturb(
          random.nextDouble() * 0.3,
          random.nextDouble() * 0.2,
          World.MILLIS + (long) (random.nextDouble() * 300 * World.MILLIS));
      world.after(fault.length(), this::healAll);
    }

    private void healAll() {
      world.tell("network heals");
      cluster.network.heal();
    }

    private void lag(Host host) {
      host.agent.ifPresent(
          life -> {
            world.tell(host, "has a copy that lags");
            forAWhile(() -> life.copy.lag(true), () -> life.mail(() -> life.copy.lag(false)));
          });
    }

    /** An upgrade of all agents, one host after the other. */
    private void roll(int next) {
      if (next == cluster.hosts.size()) {
        return;
      }
      Host host = cluster.hosts.get(next);
      long pause = fault.length() / 3;
      host.agent.ifPresent(life -> life.drain(pause));
      world.after(
          pause,
          () -> {
            if (host.agent.isPresent()) {
              host.killAgent();
            }
          });
      world.after(pause + 500 * World.MILLIS, host::startAgent);
      world.after(pause + World.SECONDS, () -> roll(next + 1));
    }

    private void operate() {
      List<ProcessName> names =
          cluster.truth.state().processes().keySet().stream().sorted().toList();
      if (names.isEmpty()) {
        return;
      }
      ProcessName name = any(names);
      switch (random.nextInt(4)) {
        case 0, 1 -> cluster.handOver(name);
        case 2 -> cluster.restart(name);
        default -> {
          cluster.wanted(name, false);
          world.after(fault.length(), () -> cluster.wanted(name, true));
        }
      }
    }
  }
}
