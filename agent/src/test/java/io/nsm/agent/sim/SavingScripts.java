package io.nsm.agent.sim;

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
    holder.agent.orElseThrow().holdCopy(false);
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
