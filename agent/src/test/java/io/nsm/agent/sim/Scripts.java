package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scripted courses of events, by the numbers of the protocol's scenarios. */
final class Scripts {
  private Scripts() {}

  /** 1: the guard. The barrier of a renewal is pending when the bound of its host passes. */
  static void barrierPendingAtExpiry(Habit... habits) {
    Scene scene = Scene.apart(habits);
    World world = scene.world;
    scene.watchAnswers();
    scene.run(600);
    scene.grantUnheard(
        (from, to, what) -> {
          long check = scene.bound() - 3 * World.MILLIS;
          if (what.equals(Voter.RAFT)) {
            boolean slow = Math.abs(world.now() - check) < 60 * World.MILLIS;
            return slow ? 100 * World.MILLIS : Network.Rule.PASSES;
          }
          boolean last = world.now() < check && world.now() > check - 260 * World.MILLIS;
          return last ? check - world.now() : Network.Rule.IS_LOST;
        });
    scene.runUntil(scene.bound() + 30 * World.MILLIS);
    scene.hear();
    scene.run(1500);
    scene.ends();
  }

  /** 2: the same, and the leader is deposed before it learns what its entries came to. */
  static void deposedLeaderAnswersLate(Habit... habits) {
    Scene scene = Scene.apart(habits);
    World world = scene.world;
    scene.cluster.cautiousLeaders = false;
    scene.cluster.deposedLate = () -> 3 * World.SECONDS;
    scene.watchAnswers();
    scene.run(600);
    scene.grantUnheard(
        (from, to, what) -> {
          long since = world.now() - (scene.bound() - 3 * World.MILLIS);
          if (what.equals(Voter.RAFT)) {
            boolean cut =
                since > -3 * World.MILLIS
                    && since < 1300 * World.MILLIS
                    && (to == scene.leader || from == scene.leader && since > 150 * World.MILLIS);
            return cut ? Network.Rule.IS_LOST : Network.Rule.PASSES;
          }
          boolean last = since < 0 && since > -260 * World.MILLIS;
          return last ? -since : Network.Rule.IS_LOST;
        });
    scene.runUntil(scene.bound() + 1250 * World.MILLIS);
    scene.hear();
    scene.run(2000);
    scene.ends();
  }

  /** 3: a grant is heard of after it was replaced, twice. */
  static void lateNotice(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.grantUnheard((from, to, what) -> lost(what));
    scene.awaitActing(scene.holder);
    scene.cluster.network.heal();
    scene.run(600);
    scene.hear();
    for (Message.Notice notice : scene.notices) {
      for (int times = 0; times < 2; times++) {
        scene.cluster.network.send(scene.leader, scene.other, notice, life -> life.receive(notice));
      }
    }
    scene.run(1000);
    scene.ends();
  }

  private static long lost(Object what) {
    return what.equals(Voter.RAFT) ? Network.Rule.PASSES : Network.Rule.IS_LOST;
  }

  /** 3, 12: what an agent says of an end does not arrive. */
  static void lostReport(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.active().crash();
    scene.ends();
  }

  /** 4: a host is cut off with a copy that says it holds the grant; its agent starts anew. */
  static void laggingCopy(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.isolate(scene.holder);
    scene.awaitActing(scene.other);
    scene.holder.killAgent();
    scene.run(100);
    scene.holder.startAgent();
    scene.run(3000);
    scene.ends();
  }

  /** 5: a leader that is deposed and hears of nothing finds that a bound has passed. */
  static void forwardedDecision(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Host old = scene.leader;
    scene.cluster.deposedLate = () -> 10 * World.SECONDS;
    scene.cluster.network.rule(
        (from, to, what) -> {
          boolean deaf = to == old && !scene.leads(old);
          boolean cut = what.equals(Voter.RAFT) && (from == old || deaf);
          return cut ? Network.Rule.IS_LOST : Network.Rule.PASSES;
        });
    scene.run(8000);
    scene.ends();
  }

  /** 6: a leader that is deposed and not told goes on to get the holder's renewals. */
  static void forwardedBarrier(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Host old = scene.leader;
    scene.cluster.deposedLate = () -> 10 * World.SECONDS;
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (what instanceof Message.Renewal renewal && from == scene.holder && to != old) {
            scene.world.after(World.MILLIS, () -> old.mail(life -> life.receive(renewal)));
            return Network.Rule.IS_LOST;
          }
          boolean mute = what.equals(Voter.RAFT) && from == old && scene.leads(old);
          return mute ? Network.Rule.IS_LOST : Network.Rule.PASSES;
        });
    scene.run(8000);
    scene.ends();
  }

  /** 7: a renewal comes in while a barrier is pending that was proposed before. */
  static void joinedBarrier(Habit... habits) {
    Scene scene = Scene.apart(habits);
    World world = scene.world;
    Host old = scene.leader;
    scene.cluster.cautiousLeaders = false;
    scene.cluster.deposedLate = () -> 5 * World.SECONDS;
    scene.watchAnswers();
    scene.run(600);
    Optional<Message.Renewal>[] late = Scene.slot();
    scene.grantUnheard(
        (from, to, what) -> {
          long since = world.now() - (scene.bound() - World.SECONDS);
          if (what instanceof Message.Renewal renewal) {
            late[0] = Optional.of(renewal);
            return Network.Rule.IS_LOST;
          }
          boolean cut =
              since > 0
                  && since < 2000 * World.MILLIS
                  && (to == old || from == old && since > 300 * World.MILLIS);
          return cut ? Network.Rule.IS_LOST : Network.Rule.PASSES;
        });
    scene.runUntil(scene.bound() + 900 * World.MILLIS);
    Message.Renewal renewal = late[0].orElseThrow();
    old.mail(life -> life.receive(renewal));
    scene.hear();
    scene.run(2000);
    scene.ends();
  }

  /** 8: an answer arrives when its leader is gone; it is good for what is left of it. */
  static void delayedAnswer(Habit... habits) {
    Scene scene = Scene.apart(habits);
    boolean[] answered = {false};
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (what instanceof Message.Renewed && to == scene.holder && !answered[0]) {
            answered[0] = true;
            return 1500 * World.MILLIS;
          }
          boolean over = answered[0] && what instanceof Message.Renewal && from == scene.holder;
          return over ? Network.Rule.IS_LOST : Network.Rule.PASSES;
        });
    scene.cluster.await("an answer", () -> answered[0]);
    scene.run(50);
    scene.leader.killAgent();
    scene.run(5000);
    scene.ends();
  }

  /** 9: leaders change, and change again. */
  static void electedAgain(Habit... habits) {
    Scene scene = Scene.apart(habits);
    for (int change = 0; change < 4; change++) {
      scene.changeLeader();
      scene.run(3000);
    }
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

  /** 11: the agent is back when its process has lapsed, and before its host's bound. */
  static void agentKilledAtLapse(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.holder.killAgent();
    scene.run(2050);
    scene.holder.startAgent();
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

  /** 14: a process stands still before messages that it reads when its host is cut off. */
  static void bufferedLease(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Run run = scene.active();
    run.stop();
    scene.run(300);
    scene.isolate(scene.holder);
    scene.run(1500);
    scene.holder.mail(AgentLife::stop);
    run.goOn();
    scene.run(4000);
    scene.ends();
  }

  /** 15: the holder stands still between check and effect; its clock is slow, the leader's fast. */
  static void cutAtBothClockExtremes(Habit... habits) {
    Scene scene = Scene.apart(LeaseTerms.PATIENT, Declared.importerOnTwo(), habits);
    scene.cluster.hosts.forEach(host -> host.clockRate(1 + Cluster.CLOCK_ERROR));
    scene.holder.clockRate(1 - Cluster.CLOCK_ERROR);
    scene.run(4000);
    scene.isolate(scene.holder);
    scene.run(24_000);
    scene.active().stop();
    scene.holder.mail(AgentLife::stop);
    scene.awaitActing(scene.other);
    scene.ends();
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

  /** 18: a host is dead, and no leader leads as long as its bound. */
  static void flappingLeaders(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.holder.powerOff();
    long until = scene.world.now() + 4 * scene.cluster.patience().toNanos();
    while (!scene.acts(scene.other)) {
      scene.cluster.hosts.forEach(host -> host.mail(life -> life.voter.abdicate()));
      scene.run(1500);
      if (scene.world.now() > until) {
        throw new Violation("I5: a dead host is not replaced", scene.world);
      }
    }
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

  /** 19: the one that is chosen cannot get the checkpoint. */
  static void bytesUnreachable(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("grid") && from == scene.other
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    scene.run(1000);
    scene.active().crash();
    scene.awaitHolder(scene.other);
    scene.awaitActing(scene.holder);
    scene.ends();
  }

  /** 22: another host comes with the same name, and a copy of the data on another machine. */
  static void clonedDirectory(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Map<String, String> labels = Map.of();
    Host host = scene.holder;
    List<HostEntry> twins =
        List.of(
            new HostEntry(
                new HostId("twin"), host.name, new Incarnation("twin"), "elsewhere", labels, false),
            new HostEntry(
                host.id, host.name, new Incarnation("clone"), "elsewhere", labels, false));
    Run run = scene.active();
    for (HostEntry twin : twins) {
      for (int nonce = 1; nonce <= 20; nonce++) {
        Message.Renewal renewal = new Message.Renewal(twin, nonce, false, List.of());
        scene.leader.mail(life -> life.receive(renewal));
        scene.run(200);
      }
      if (scene.cluster.truth.state().hosts().containsValue(twin)) {
        throw new Violation("a living host was replaced by " + twin, scene.world);
      }
    }
    if (!scene.active().equals(run)) {
      throw new Violation("a twin moved the role", scene.world);
    }
    scene.isolate(host);
    for (int nonce = 21; nonce <= 60; nonce++) {
      Message.Renewal renewal = new Message.Renewal(twins.get(1), nonce, false, List.of());
      scene.leader.mail(life -> life.receive(renewal));
      scene.run(100);
    }
    if (!scene.cluster.truth.state().hosts().containsValue(twins.get(1))) {
      throw new Violation("I5: nobody may take the place of a dead host", scene.world);
    }
    scene.ends();
  }

  /**
   * 22: on the holder's machine a second agent starts with a copy of its data directory, and is
   * admitted. The first one is superseded: it is not admitted again, and what acts there stops long
   * before its lease is over. The second one gives up a grant that it never saw carried out, when
   * nothing can act under it any more.
   *
   * @param cut for how long the second one is cut off before it is admitted
   * @param told whether the first one hears that it is turned away
   */
  static void supersededAgent(long cut, boolean told, Habit... habits) {
    LeaseTerms terms =
        new LeaseTerms(
            "sim", Duration.ofSeconds(4), Duration.ofMillis(250), Duration.ofMillis(400));
    Scene scene = Scene.apart(terms, Declared.importerOnTwo(), habits);
    Host twin = scene.cluster.twin(scene.holder);
    if (cut > 0) {
      scene.isolate(twin);
    }
    twin.startAgent();
    scene.run(cut);
    scene.cluster.network.heal();
    scene.cluster.network.rule(
        (from, to, what) ->
            what instanceof Message.TurnedAway && !told
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    scene.cluster.await(
        "the second agent to be admitted",
        () -> scene.cluster.truth.state().hosts().containsValue(twin.agent.orElseThrow().self));
    scene.run(1500);
    if (told && scene.acts(scene.holder)) {
      throw new Violation("R7': what a superseded agent runs acts on", scene.world);
    }
    scene.cluster.await("another active one", () -> scene.acts(scene.other) || scene.acts(twin));
    scene.run(6000);
    twin.killAgent();
    twin.living().forEach(Run::crash);
    scene.ends();
  }

  /** 23: a cluster of one. */
  static void oneVoter(Habit... habits) {
    Cluster cluster = Cluster.of(1, 1, 0, habits);
    cluster.startWith(Declared.importer(1), Declared.transformer(1));
    Host host = cluster.hosts.get(0);
    Run run = cluster.active(Declared.IMPORTER).orElseThrow();
    host.killAgent();
    cluster.world.runFor(300 * World.MILLIS);
    host.startAgent();
    cluster.settle();
    if (!cluster.active(Declared.IMPORTER).equals(Optional.of(run))) {
      throw new Violation("a restart of the agent within the lease moved the role", cluster.world);
    }
    host.powerOff();
    cluster.world.runFor(300 * World.MILLIS);
    host.powerOn();
    host.startAgent();
    cluster.settle();
  }

  /** 24: two hosts and a witness lose one of the three. */
  static void twoAndWitness(int lost, Habit... habits) {
    Cluster cluster = Cluster.of(5, 2, 1, habits);
    cluster.startWith(Declared.importer(2));
    Host dead = cluster.hosts.get(lost);
    dead.powerOff();
    cluster.world.runFor(4 * World.SECONDS);
    cluster.await("an active one", () -> cluster.active(Declared.IMPORTER).isPresent());
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
    scene.isolate(scene.holder);
    scene.cluster.wanted(Declared.IMPORTER, false);
    scene.cluster.await("a vacant grant", () -> scene.cluster.holder(Declared.IMPORTER).isEmpty());
    scene.ends();
  }

  /** A save is acknowledged when it is in the ledger, and not before. */
  static void saves(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.run(3000);
    scene.ends();
  }
}
