package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The beginning of most scripts: three hosts, of which one leads the ledger, one has the acting
 * importer and one the ready one.
 */
final class Scene {
  /** Seeds that are tried until chance puts everybody in place. */
  private static final int MAX_SEEDS = 60;

  final Cluster cluster;
  final World world;
  final Host leader;
  final Host holder;
  final Host other;
  final List<Message.Notice> notices = new ArrayList<>();
  private long lastAnswer;
  private boolean unheard;
  private long unheardIndex;

  private Scene(Cluster cluster) {
    this.cluster = cluster;
    this.world = cluster.world;
    this.leader = cluster.leaderHost();
    this.holder = cluster.hostOf(Declared.IMPORTER);
    this.other =
        cluster.hosts.stream()
            .filter(host -> host != leader && host != holder)
            .max(Comparator.comparing(host -> host.living().size()))
            .orElseThrow();
  }

  /** Nobody is two of leader, holder and standby. */
  static Scene apart(Habit... habits) {
    return apart(LeaseTerms.FAST, Declared.importerOnTwo(), habits);
  }

  /** The same with another importer. */
  static Scene apart(ProcessSpec importer, Habit... habits) {
    return apart(LeaseTerms.FAST, importer, habits);
  }

  /** The same, and the importer runs on two hosts that do not vote. */
  static Scene onCopies(Habit... habits) {
    return apart(
        1,
        LeaseTerms.FAST,
        new Cluster.Size(3, 0, 2),
        Declared.importerOn(Set.of("host3", "host4")),
        habits);
  }

  static Scene apart(LeaseTerms terms, ProcessSpec importer, Habit... habits) {
    return apart(1, terms, new Cluster.Size(3, 0, 0), importer, habits);
  }

  /** Nobody is two of leader, holder and standby, in the first such seed from one on. */
  static Scene from(int seed, Habit... habits) {
    return apart(
        seed, LeaseTerms.FAST, new Cluster.Size(3, 0, 0), Declared.importerOnTwo(), habits);
  }

  private static Scene apart(
      int first, LeaseTerms terms, Cluster.Size size, ProcessSpec importer, Habit... habits) {
    for (int seed = first; seed < first + MAX_SEEDS; seed++) {
      Cluster cluster = Cluster.of(seed, terms, size, habits);
      cluster.startWith(importer);
      Scene scene = new Scene(cluster);
      boolean standby =
          scene.other.living().stream()
              .anyMatch(run -> run.instance.process().equals(Declared.IMPORTER));
      if (scene.leader != scene.holder && standby) {
        return scene;
      }
    }
    throw new IllegalStateException("no seed puts everybody in place");
  }

  Epoch epoch() {
    return cluster.truth.state().process(Declared.IMPORTER).orElseThrow().grant().epoch();
  }

  Grant.Held held() {
    return cluster.holder(Declared.IMPORTER).orElseThrow();
  }

  Run active() {
    return cluster.active(Declared.IMPORTER).orElseThrow();
  }

  void isolate(Host host) {
    world.tell("cut around", host);
    cluster.hosts.stream()
        .filter(peer -> peer != host)
        .forEach(peer -> cluster.network.cutBoth(host, peer));
  }

  void run(long millis) {
    world.runFor(millis * World.MILLIS);
  }

  void awaitHolder(Host host) {
    cluster.await(
        "a grant for " + host,
        () -> cluster.holder(Declared.IMPORTER).filter(g -> g.host().equals(host.id)).isPresent());
  }

  void awaitActing(Host host) {
    cluster.await("an active one on " + host, () -> acts(host));
  }

  boolean acts(Host host) {
    return host.living().stream()
        .anyMatch(r -> r.instance.process().equals(Declared.IMPORTER) && r.actsIn() != 0);
  }

  boolean leads(Host host) {
    return host.agent.map(life -> life.voter.leads()).orElse(false);
  }

  /** Silences whoever leads until another does. */
  void changeLeader() {
    Host old = cluster.leaderHost();
    cluster.network.rule(
        (from, to, what) ->
            what.equals(Voter.RAFT) && from == old && leads(old)
                ? Network.Rule.IS_LOST
                : Network.Rule.PASSES);
    cluster.await(
        "another leader", () -> cluster.hosts.stream().anyMatch(h -> h != old && leads(h)));
    cluster.network.rule((from, to, what) -> Network.Rule.PASSES);
  }

  /** Notes from now on when the standby's host is answered. */
  void watchAnswers() {
    cluster.network.rule(this::watched);
  }

  private long watched(Host from, Host to, Object what) {
    if (what instanceof Message.Renewed && to == other && !unheard) {
      lastAnswer = world.now();
    }
    return Network.Rule.PASSES;
  }

  /** When the standby's host may have its grants replaced. */
  long bound() {
    return lastAnswer + cluster.patience().toNanos();
  }

  void runUntil(long at) {
    world.runFor(at - world.now());
  }

  /** The standby's host hears of its grant from its own copy, and of nothing that came later. */
  void hearOfGrant() {
    other.agent.orElseThrow().copy.catchUp(unheardIndex);
  }

  /** The standby's host hears of all that its ledger member applied. */
  void hear() {
    other.agent.orElseThrow().copy.lag(false);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static <T> Optional<T>[] slot() {
    return new Optional[] {Optional.empty()};
  }

  /**
   * The standby's host is granted the next epoch and does not know: its copy lags, the notice is
   * held back, and its renewals are lost until {@code renewalsArrive} has a say.
   */
  void grantUnheard(Network.Rule renewals) {
    other.agent.orElseThrow().copy.lag(true);
    cluster.network.rule(
        (from, to, what) -> {
          watched(from, to, what);
          if (what instanceof Message.Notice notice && to == other) {
            notices.add(notice);
            return Network.Rule.IS_LOST;
          }
          return what instanceof Message.Renewal && from == other || what.equals(Voter.RAFT)
              ? renewals.delay(from, to, what)
              : Network.Rule.PASSES;
        });
    active().crash();
    awaitHolder(other);
    unheardIndex = held().index();
    unheard = true;
  }

  /** All is healed, and in the end all is as declared. */
  void ends() {
    cluster.hosts.forEach(host -> host.agent.ifPresent(life -> life.copy.lag(false)));
    cluster.calm();
    cluster.settle();
  }
}
