package io.nsm.agent.sim;

import io.nsm.supervisor.model.ProcessName;
import java.util.List;
import java.util.Optional;

/** Breaks things at random, for a while each, and has the operator do this and that. */
final class Faults {
  private final Cluster cluster;
  private final World world;
  private final long until;

  Faults(Cluster cluster, long length) {
    this.cluster = cluster;
    this.world = cluster.world;
    this.until = world.now() + length;
  }

  /** Comes back every now and then until the time of faults is over. */
  void begin() {
    world.after(
        world.between(50, 3000) * World.MILLIS,
        () -> {
          if (world.now() < until) {
            one();
            begin();
          }
        });
  }

  private void one() {
    Host host = any(cluster.hosts);
    long length = world.between(10, 5000) * World.MILLIS;
    switch (world.pick(17)) {
      case 0, 1, 2 -> anyRun().ifPresent(Run::crash);
      case 3 -> anyRun().ifPresent(run -> forAWhile(run, run::hang, length));
      case 4 -> anyRun().ifPresent(run -> forAWhile(run, run::hangInKernel, length * 2));
      case 5, 6 -> anyRun().ifPresent(run -> forAWhile(run, run::stop, length));
      case 7 -> anyRun().ifPresent(Run::breakLink);
      case 8 -> restartAgent(host, world.between(1, 6) * length / 6);
      case 9 -> restartAgent(cluster.leader().orElse(host), length);
      case 10 -> powerCycle(host, length);
      case 11 -> stopAgent(host, length);
      case 12 -> stopAgent(cluster.leader().orElse(host), length);
      case 13 -> cut(host, any(cluster.hosts), length);
      case 14 -> isolate(host, length);
      case 15 -> disturb(length);
      default -> operator();
    }
  }

  private <T> T any(List<T> of) {
    return of.get(world.pick(of.size()));
  }

  private Optional<Run> anyRun() {
    List<Run> runs = cluster.runs();
    return runs.isEmpty() ? Optional.empty() : Optional.of(any(runs));
  }

  private void forAWhile(Run run, Runnable fault, long length) {
    fault.run();
    world.after(length, run::recover);
  }

  private void restartAgent(Host host, long length) {
    if (host.agent.isPresent()) {
      host.killAgent();
      world.after(length, host::startAgent);
    }
  }

  private void powerCycle(Host host, long length) {
    if (host.powered) {
      host.powerOff();
      world.after(length / 2, host::powerOn);
      world.after(length, host::startAgent);
    }
  }

  private void stopAgent(Host host, long length) {
    host.agent.ifPresent(
        life -> {
          life.stop();
          world.after(length, life::goOn);
        });
  }

  private void cut(Host from, Host to, long length) {
    world.tell("cut from", from, "to", to);
    cluster.network.cut(from, to);
    world.after(length, this::healAll);
  }

  private void isolate(Host host, long length) {
    world.tell("cut around", host);
    cluster.hosts.stream()
        .filter(other -> other != host)
        .forEach(other -> cluster.network.cutBoth(host, other));
    world.after(length, this::healAll);
  }

  private void disturb(long length) {
    world.tell("bad network");
    cluster.network.disturb(
        world.fraction() * 0.3, world.fraction() * 0.2, world.between(1, 300) * World.MILLIS);
    world.after(length, this::healAll);
  }

  private void healAll() {
    world.tell("network heals");
    cluster.network.heal();
  }

  private void operator() {
    List<ProcessName> names = cluster.truth.state().processes().keySet().stream().sorted().toList();
    if (names.isEmpty()) {
      return;
    }
    ProcessName name = any(names);
    switch (world.pick(4)) {
      case 0, 1 -> cluster.handOver(name);
      case 2 -> cluster.restart(name);
      default -> {
        cluster.wanted(name, false);
        world.after(world.between(10, 4000) * World.MILLIS, () -> cluster.wanted(name, true));
      }
    }
  }
}
