package io.nsm.agent.sim;

import java.util.List;

/** Scripts of what is saved: checkpoints and shared maps. */
final class SavingScripts {
  private SavingScripts() {}

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

  /** 20: what became of a save is not known, and it is asked again before the next grant. */
  static void unknownSave(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("answer") && to == scene.holder
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    scene.run(3500);
    scene.cluster.network.heal();
    scene.run(3000);
    scene.ends();
  }

  /** 20: as above, and the next grant comes before the answer. */
  static void unknownSaveAndNextGrant(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("answer") && to == scene.holder
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    scene.run(1500);
    scene.cluster.handOver(Declared.IMPORTER);
    scene.run(2500);
    scene.cluster.network.heal();
    scene.awaitActing(scene.other);
    scene.run(3000);
    scene.ends();
  }

  /**
   * 20: the bytes are with the holder and one other member; that one loses its disk before the
   * pointer is moved; then the holder's host is lost. Nobody starts from anything older.
   */
  static void emptiedMember(Habit... habits) {
    Scene scene = Scene.apart(habits);
    boolean[] held = {false};
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (held[0] && from == scene.holder && what.equals("submission")) {
            return 200 * World.MILLIS;
          }
          boolean kept = what.equals("grid") && from == scene.holder && to == scene.leader;
          return kept ? Network.Rule.IS_LOST : Network.Rule.PASSES;
        });
    scene.cluster.inlineSaves = 0;
    held[0] = true;
    scene.run(1000);
    for (int times = 0; times < 50; times++) {
      scene.other.bytes.clear();
      scene.run(20);
    }
    scene.holder.powerOff();
    scene.run(8000);
    if (scene.acts(scene.other)) {
      throw new Violation("I3: what is lost was replaced by something older", scene.world);
    }
    scene.ends();
  }

  /** 20: members whose copies of the ledger lag hear that older bytes may be removed. */
  static void laggingRemoval(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.inlineSaves = 0;
    scene.run(1000);
    scene.leader.agent.orElseThrow().copy.lag(true);
    scene.other.agent.orElseThrow().copy.lag(true);
    scene.run(1000);
    scene.holder.powerOff();
    scene.run(100);
    scene.hear();
    scene.leader.agent.orElseThrow().copy.lag(false);
    scene.awaitActing(scene.other);
    scene.ends();
  }

  /** 28: what a cut-off agent has on its way to a shared map arrives in the next epoch. */
  static void lateMapWrite(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.run(1000);
    if (scene.cluster.maps.done == 0) {
      throw new Violation("the script has the holder write to a map", scene.world);
    }
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (from != scene.holder) {
            return Network.Rule.PASSES;
          }
          return what.equals("grid") ? 5 * World.SECONDS : Network.Rule.IS_LOST;
        });
    Run writer = scene.active();
    scene.holder.mail(life -> scene.cluster.maps.write(life, writer, writer.actsIn()));
    scene.awaitActing(scene.other);
    scene.run(6000);
    scene.ends();
  }

  /**
   * 28: the first map write of a process, by way of an agent that was cut off just before: the word
   * that it writes comes to the ledger when another acts, whose grant found nothing to fence.
   */
  static void lateFirstWrite(Habit... habits) {
    Scene scene = Scene.apart(Declared.quiet(Declared.importerOnTwo()), habits);
    scene.run(1000);
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (from != scene.holder) {
            return Network.Rule.PASSES;
          }
          boolean word = what.equals("submission");
          return word
              ? 2700 * World.MILLIS
              : what.equals("grid") ? 5 * World.SECONDS : Network.Rule.IS_LOST;
        });
    Run writer = scene.active();
    scene.holder.mail(life -> scene.cluster.maps.write(life, writer, writer.actsIn()));
    scene.awaitActing(scene.other);
    if (scene.cluster.truth.state().writes(Declared.IMPORTER)) {
      throw new Violation("the script has nobody write before", scene.world);
    }
    scene.run(9000);
    scene.ends();
  }

  /**
   * 28: a process writes for the first time in its second epoch, whose grant found nothing to
   * fence; then what its holder of the first epoch had left in a buffer comes to an agent that
   * knows of it.
   */
  static void firstWriteInTheNextEpoch(Habit... habits) {
    Scene scene = Scene.apart(Declared.quiet(Declared.importerOnTwo()), habits);
    scene.run(1000);
    Run late = scene.active();
    long first = late.actsIn();
    scene.isolate(scene.holder);
    scene.awaitActing(scene.other);
    scene.cluster.network.heal();
    Run writer = scene.active();
    scene.other.mail(life -> scene.cluster.maps.write(life, writer, writer.actsIn()));
    scene.run(2000);
    if (scene.cluster.maps.done == 0) {
      throw new Violation("the script has the second holder write to a map", scene.world);
    }
    scene.holder.mail(life -> scene.cluster.maps.write(life, late, first));
    scene.run(3000);
    scene.ends();
  }

  /** 28: a process is deleted and declared anew while a write of its old life is on its way. */
  static void lateWriteOfTheDeleted(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.run(1000);
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("grid") && from == scene.holder ? 20 * World.SECONDS : Network.Rule.PASSES);
    Run writer = scene.active();
    scene.holder.mail(life -> scene.cluster.maps.write(life, writer, writer.actsIn()));
    scene.run(50);
    scene.cluster.network.heal();
    scene.cluster.wanted(Declared.IMPORTER, false);
    scene.cluster.await(
        "an end of all",
        () -> scene.cluster.holder(Declared.IMPORTER).isEmpty() && scene.cluster.runs().isEmpty());
    scene.cluster.deleteAll();
    scene.cluster.await("a deletion", () -> scene.cluster.truth.state().processes().isEmpty());
    scene.cluster.declare(List.of(Declared.quiet(Declared.importerOnTwo())));
    scene.cluster.await(
        "another active one", () -> scene.cluster.active(Declared.IMPORTER).isPresent());
    scene.run(21_000);
    scene.ends();
  }

  /** A checkpoint's pointer is on its way for so long that its epoch is over when it arrives. */
  static void staleSave(Habit... habits) {
    Scene scene = Scene.apart(habits);
    Host holder = scene.holder;
    boolean[] slow = {false};
    scene.cluster.network.rule(
        (from, to, what) -> {
          if (!slow[0] || from != holder) {
            return Network.Rule.PASSES;
          }
          return what.equals("submission") ? 5 * World.SECONDS : Network.Rule.IS_LOST;
        });
    scene.cluster.inlineSaves = 1;
    slow[0] = true;
    scene.run(700);
    holder.agent.orElseThrow().copy.lag(false);
    scene.awaitActing(scene.other);
    scene.run(6000);
    scene.ends();
  }

  /** A save is acknowledged when it is in the ledger, and not before. */
  static void saves(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.run(3000);
    scene.ends();
  }
}
