package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Scripts of who is who: agents, hosts and epochs. */
final class IdentityScripts {
  private IdentityScripts() {}

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
        Message.Renewal renewal = new Message.Renewal(twin, nonce, 0, List.of());
        scene.leader.mail(life -> life.receive(renewal));
        scene.run(200);
      }
      if (scene.cluster.truth.state().hosts().containsValue(twin)) {
        throw new Violation("rule 8: a living host was replaced by " + twin, scene.world);
      }
    }
    if (!scene.active().equals(run)) {
      throw new Violation("rule 8: a twin moved the role", scene.world);
    }
    scene.isolate(host);
    for (int nonce = 21; nonce <= 60; nonce++) {
      Message.Renewal renewal = new Message.Renewal(twins.get(1), nonce, 0, List.of());
      scene.leader.mail(life -> life.receive(renewal));
      scene.run(100);
    }
    if (!scene.cluster.truth.state().hosts().containsValue(twins.get(1))) {
      throw new Violation("I5: nobody may take the place of a dead host", scene.world);
    }
    scene.ends();
  }

  /** 21: a process is stopped, deleted and declared anew, while its last save is on its way. */
  static void declaredAnew(Habit... habits) {
    Scene scene = Scene.apart(habits);
    scene.cluster.inlineSaves = 1;
    scene.cluster.network.rule(
        (from, to, what) ->
            what.equals("submission") && from == scene.holder
                ? 4 * World.SECONDS
                : Network.Rule.PASSES);
    scene.run(500);
    scene.cluster.network.heal();
    scene.cluster.wanted(Declared.IMPORTER, false);
    scene.cluster.await(
        "an end of all",
        () -> scene.cluster.holder(Declared.IMPORTER).isEmpty() && scene.cluster.runs().isEmpty());
    scene.cluster.deleteAll();
    scene.cluster.await("a deletion", () -> scene.cluster.truth.state().processes().isEmpty());
    scene.cluster.declare(List.of(Declared.importerOnTwo()));
    scene.run(6000);
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
      throw new Violation("rule 8: what a superseded agent runs acts on", scene.world);
    }
    scene.cluster.await("another active one", () -> scene.acts(scene.other) || scene.acts(twin));
    scene.run(6000);
    twin.killAgent();
    twin.living().forEach(Run::crash);
    scene.ends();
  }
}
