package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Scripts of ends: of runs, agents and hosts, and of those that do not end. */
final class EndingScripts {
  private EndingScripts() {}

  /** A run that does not answer its probe any more is killed, and another acts. */
  static void hang(Habit... habits) {
    Scene scene = Scene.apart(Declared.watched(Declared.importerOnTwo()), habits);
    Run active = scene.active();
    active.hang();
    scene.cluster.await("the end of the hung run", () -> !active.lives());
    if (!active.status.orElseThrow().reason().equals("SIGNAL_9")) {
      throw new Violation("I5: the hung run was left to its lease", scene.world);
    }
    scene.awaitActing(scene.other);
    scene.ends();
  }

  /** A process that depends on another is started once that is ready, wherever that is. */
  static void order(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Dependency ready = new Dependency(Declared.TRANSFORMER, Dependency.Condition.READY);
    scene.cluster.declare(List.of(Declared.server(2).with(List.of(ready))));
    scene.run(3000);
    scene.cluster.declare(List.of(Declared.transformer(2)));
    scene.ends();
  }

  /** 3, 12: what an agent says of an end does not arrive. */
  static void lostReport(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.active().crash();
    scene.ends();
  }

  /** 10: the holder's host loses power and is back before or after its lease. */
  static void powerCycle(long millis, Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.holder.powerOff();
    scene.run(millis);
    scene.holder.powerOn();
    scene.holder.startAgent();
    scene.awaitActing(scene.other);
    scene.ends();
  }

  /**
   * 10 (iv): the standby's agent and run end; the next agent is admitted, and then the ended run is
   * granted the role, as the leader heard nothing newer of it. Nobody remembers to give it up.
   */
  static void grantAfterRejoin(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Host other = scene.other;
    other.killAgent();
    other.living().forEach(Run::crash);
    scene.run(20);
    other.startAgent();
    HostEntry next = other.agent.orElseThrow().self;
    BooleanSupplier admitted = () -> scene.cluster.truth.state().hosts().containsValue(next);
    scene.cluster.network.rule(
        (from, to, what) -> {
          boolean says = what instanceof Message.Renewal || what instanceof Message.Report;
          return from == other && says && admitted.getAsBoolean()
              ? Network.Rule.IS_LOST
              : Network.Rule.PASSES;
        });
    scene.cluster.await("the next agent to be admitted", admitted);
    scene.active().crash();
    scene.awaitHolder(other);
    if (other.living().stream().anyMatch(run -> run.id.equals(scene.held().run()))) {
      throw new Violation("the script has the ended run granted the role", scene.world);
    }
    scene.ends();
  }

  /** 11: the agent is back when its process has lapsed, and before its host's bound. */
  static void agentKilledAtLapse(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.holder.killAgent();
    scene.run(2050);
    scene.holder.startAgent();
    scene.ends();
  }

  /**
   * 11: an agent is killed, and the role is granted to the run that it leaves. The next agent gives
   * up what that run, which has not said yet that it is ready, was never told of; it is ready
   * before the leader hears of that.
   */
  static void grantedWhileAgentIsAway(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Host other = scene.other;
    other.killAgent();
    scene.run(50);
    scene.active().crash();
    scene.awaitHolder(other);
    scene.cluster.network.rule(
        (from, to, what) ->
            from == other && what instanceof Message.GaveUp
                ? 500 * World.MILLIS
                : Network.Rule.PASSES);
    other.startAgent();
    scene.run(3000);
    scene.ends();
  }

  /** 12: an agent and its run end together. */
  static void agentAndRunKilled(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.active().crash();
    scene.holder.killAgent();
    scene.run(300);
    scene.holder.startAgent();
    scene.ends();
  }

  /** 12: what an agent said of its grant is applied when the role was granted twice since. */
  static void lateReport(Habit... habits) {
    Scene scene = Scene.apart(habits);
    boolean[] first = {true};
    scene.cluster.network.rule(
        (from, to, what) -> {
          boolean says = what.equals("submission") || what instanceof Message.GaveUp;
          if (!says || from != scene.holder || !first[0]) {
            return Network.Rule.PASSES;
          }
          return 9 * World.SECONDS;
        });
    scene.active().crash();
    scene.run(400);
    scene.holder.killAgent();
    scene.run(100);
    first[0] = false;
    scene.holder.startAgent();
    scene.awaitActing(scene.other);
    scene.run(1000);
    scene.cluster.handOver(Declared.IMPORTER);
    scene.awaitActing(scene.holder);
    scene.run(9000);
    scene.ends();
  }

  /** 13: a link breaks, its process lives. */
  static void brokenLink(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Run run = scene.active();
    run.breakLink();
    scene.run(1000);
    scene.ends();
    if (!scene.active().equals(run)) {
      throw new Violation("a broken link moved the role", scene.world);
    }
  }

  /** 16: the holder neither gives way nor dies. */
  static void stuck(Habit... habits) {
    LeaseTerms terms =
        new LeaseTerms(
            "sim", Duration.ofMillis(2200), Duration.ofMillis(250), Duration.ofSeconds(1));
    Scene scene = Scene.apart(terms, Declared.importerOnTwo(), habits);
    scene.active().hangInKernel();
    scene.cluster.handOver(Declared.IMPORTER);
    scene.awaitActing(scene.other);
    scene.ends();
  }

  /** 19: the one that is chosen does not get to act. */
  static void hungActivation(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.other.living().forEach(Run::hang);
    scene.active().crash();
    scene.awaitHolder(scene.other);
    scene.awaitActing(scene.holder);
    scene.ends();
  }

  /** 19: the standby's host cannot be reached when the role is vacant: it is not thrown at it. */
  static void candidateWithoutLease(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.isolate(scene.other);
    scene.run(1200);
    scene.active().crash();
    scene.run(6000);
    if (!scene.cluster.truth.everyGrantOf(scene.other.id).isEmpty()) {
      throw new Violation("rule 9: granted to a host that was not answered", scene.world);
    }
    scene.ends();
  }

  /** 23: a cluster of one. */
  static void oneVoter(Habit... habits) {
    Cluster cluster = Cluster.of(1, new Cluster.Size(1, 0, 0), habits);
    cluster.startWith(Declared.importer(1), Declared.transformer(1));
    Host host = cluster.hosts.get(0);
    Run run = cluster.active(Declared.IMPORTER).orElseThrow();
    host.killAgent();
    cluster.world.runFor(300 * World.MILLIS);
    host.startAgent();
    cluster.settle();
    if (!cluster.active(Declared.IMPORTER).equals(Optional.of(run))) {
      throw new Violation(
          "R3': a restart of the agent within the lease moved the role", cluster.world);
    }
    for (int cut = 0; cut < 5; cut++) {
      long epoch = cluster.truth.state().lastEpoch().number();
      cluster.active(Declared.IMPORTER).orElseThrow().crash();
      cluster.await("a grant", () -> cluster.truth.state().lastEpoch().number() > epoch);
      host.powerOff();
      cluster.world.runFor(300 * World.MILLIS);
      host.powerOn();
      host.startAgent();
      cluster.settle();
    }
  }

  /** 24: two hosts and a witness lose one of the three. */
  static void twoAndWitness(int lost, Habit... habits) {
    Cluster cluster = Cluster.of(5, new Cluster.Size(2, 1, 0), habits);
    cluster.startWith(Declared.importer(2));
    Host dead = cluster.hosts.get(lost);
    dead.powerOff();
    cluster.world.runFor(4 * World.SECONDS);
    cluster.await("an active one", () -> cluster.active(Declared.IMPORTER).isPresent());
    cluster.calm();
    cluster.settle();
  }

  /**
   * 24: as above, and then the next one of the three instead, until each pair was on its own. The
   * last that each saves does not reach the others.
   */
  static void eachPair(Habit... habits) {
    Cluster cluster = Cluster.of(5, new Cluster.Size(2, 1, 0), habits);
    cluster.inlineSaves = 0;
    cluster.startWith(Declared.importer(2));
    Host before = cluster.hosts.get(2);
    for (Host dead : List.of(cluster.hosts.get(0), cluster.hosts.get(1), cluster.hosts.get(0))) {
      before.powerOn();
      before.startAgent();
      cluster.world.runFor(2 * World.SECONDS);
      cluster.network.rule(
          (from, to, what) ->
              what.equals("grid") && from == dead && to != dead
                  ? Network.Rule.IS_LOST
                  : Network.Rule.PASSES);
      cluster.world.runFor(World.SECONDS);
      dead.powerOff();
      before = dead;
      cluster.world.runFor(4 * World.SECONDS);
      cluster.await("an active one", () -> cluster.active(Declared.IMPORTER).isPresent());
      cluster.world.runFor(World.SECONDS);
    }
    cluster.calm();
    cluster.settle();
  }

  /** 25: the holder has stopped acting, its word is lost, and the leader with it. */
  static void switchoverAndNewLeader(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("submission") && from == scene.holder
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    scene.cluster.handOver(Declared.IMPORTER);
    scene.cluster.await(
        "the holder to stop acting", () -> scene.cluster.active(Declared.IMPORTER).isEmpty());
    scene.leader.killAgent();
    scene.run(2000);
    scene.cluster.network.heal();
    scene.awaitActing(scene.other);
    scene.ends();
  }

  /** 26: an operator stops what runs on a host that is cut off. */
  static void stopOfCutHolder(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.operatorAt = Optional.of(scene.leader);
    scene.isolate(scene.holder);
    scene.cluster.wanted(Declared.IMPORTER, false);
    scene.cluster.await("a vacant grant", () -> scene.cluster.holder(Declared.IMPORTER).isEmpty());
    scene.cluster.wanted(Declared.IMPORTER, true);
    scene.awaitActing(scene.other);
    scene.ends();
  }
}
