package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.model.LeaseTerms;
import java.util.Optional;

/** Scripts of leases: who may act until when, and what a leader may conclude from its clock. */
final class LeaseScripts {
  private LeaseScripts() {}

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
            long since = world.now() - check;
            boolean slow = since > -World.MILLIS && since < 100 * World.MILLIS;
            return slow ? 150 * World.MILLIS : Network.Rule.PASSES;
          }
          boolean last = world.now() < check && world.now() > check - 260 * World.MILLIS;
          return last ? check - world.now() : Network.Rule.IS_LOST;
        });
    scene.runUntil(scene.bound() + 30 * World.MILLIS);
    scene.hearOfGrant();
    scene.run(1500);
    scene.ends();
  }

  /** 2: the same, and the leader is deposed before it learns what its entries came to. */
  static void deposedLeaderAnswersLate(Habit... habits) {
    Scene scene = Scene.from(7, habits);
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
    scene.hearOfGrant();
    scene.run(2000);
    scene.ends();
  }

  /** 3: a grant is heard of after it was replaced, twice. */
  static void lateNotice(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.inlineSaves = 1;
    scene.run(800);
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
    Scene scene = Scene.from(7, habits);
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
    scene.hearOfGrant();
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

  /**
   * 15: the holder checks at the last instant of its lease and has the effect at the last one of
   * the margin.
   */
  static void effectAtTheLastInstant(Habit... habits) {
    Scene scene =
        Scene.apart(LeaseTerms.PATIENT, Declared.demoting(Declared.importerOnTwo()), habits);
    scene.cluster.hosts.forEach(host -> host.clockRate(1 + Cluster.CLOCK_ERROR));
    scene.holder.clockRate(1 - Cluster.CLOCK_ERROR);
    scene.cluster.pauses = 0;
    scene.run(4000);
    scene.isolate(scene.holder);
    scene.run(20);
    scene.holder.mail(AgentLife::stop);
    scene.active().work.actAtTheLastInstant();
    scene.awaitActing(scene.other);
    scene.run(4000);
    scene.ends();
  }

  /** 17: the holder's host is suspended, for longer than its lease. */
  static void suspendedHost(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.pauses = 0;
    scene.run(1000);
    scene.holder.suspend();
    scene.awaitActing(scene.other);
    scene.run(500);
    scene.holder.thaw();
    scene.run(3000);
    scene.ends();
  }

  /**
   * 17: the holder's host is a guest that is paused, all its clocks with it. It acts beside another
   * for what was left of its lease, which is known and allowed, and for no longer; and what it
   * saves is refused.
   */
  static void pausedGuest(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Run run = scene.active();
    run.stop();
    scene.run(300);
    scene.holder.pauseGuest();
    scene.awaitActing(scene.other);
    scene.run(500);
    scene.isolate(scene.holder);
    scene.holder.thaw();
    scene.run(1000);
    scene.holder.mail(AgentLife::stop);
    run.goOn();
    if (run.actsIn() == 0) {
      throw new Violation("the script has the paused one act again", scene.world);
    }
    scene.run(4000);
    scene.ends();
  }

  /** 27: the holder's host is heard, and hears nothing. */
  static void deafHost(Habit... habits) {
    deafHost(Scene.apart(habits));
  }

  /** 27: as above; as it does not vote, it goes on to take the leader for one. */
  static void deafCopy(Habit... habits) {
    deafHost(Scene.onCopies(habits));
  }

  private static void deafHost(Scene scene) {
    scene.world.tell("cut to", scene.holder);
    scene.cluster.hosts.stream()
        .filter(peer -> peer != scene.holder)
        .forEach(peer -> scene.cluster.network.cut(peer, scene.holder));
    scene.awaitActing(scene.other);
    scene.run(12_000);
    scene.active().crash();
    scene.awaitActing(scene.other);
    scene.run(2000);
    if (!scene.acts(scene.other)) {
      throw new Violation("I5: the role went to a host that does not hear of it", scene.world);
    }
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
}
