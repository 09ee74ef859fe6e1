package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One member of the simulated ledger, which votes or only has a copy: Raft with logs, terms,
 * elections, snapshots and restarts from disk. A leader that was deposed goes on until it hears so.
 */
final class Voter {
  private record Pending(int index, long ticket) {}

  /** What the network sees of the members' own messages. */
  static final String RAFT = "raft";

  private static final long HEARTBEAT = 100 * World.MILLIS;
  private static final int SNAPSHOT_EVERY = 150;
  private static final int MAX_BATCH = 100;

  private final Cluster cluster;
  private final AgentLife life;
  private final Host host;
  private final Disk disk;
  private final Replica replica;
  private final int voters;
  final Elections elections;

  private int commit;
  private int applied;
  private final int[] next;
  private final int[] match;
  private final long[] acked;
  private final List<Pending> pending = new ArrayList<>();
  private final Map<String, Host> waiting = new HashMap<>();
  private Map<String, byte[]> answers = new HashMap<>();

  Voter(Cluster cluster, AgentLife life, Replica replica) {
    this.cluster = cluster;
    this.life = life;
    this.host = life.host;
    this.disk = host.disk;
    this.replica = replica;
    this.voters = (int) cluster.voters().count();
    this.elections = new Elections(cluster, life, this);
    this.next = new int[Cluster.MAX_HOSTS];
    this.match = new int[Cluster.MAX_HOSTS];
    this.acked = new long[Cluster.MAX_HOSTS];
  }

  void start() {
    disk.snapshot().ifPresent(this::restore);
    disk.sync(() -> {});
    elections.armElection();
  }

  Optional<Host> leader() {
    return elections.leader();
  }

  boolean leads() {
    return elections.leads();
  }

  int applied() {
    return applied;
  }

  private void restore(Disk.Snapshot snapshot) {
    applied = snapshot.index();
    commit = Math.max(commit, applied);
    answers = new HashMap<>(snapshot.answers());
    replica.restore(applied, snapshot.state());
  }

  /** This member is about to lead. */
  void prepareToLead() {
    Arrays.fill(next, disk.size() + 1);
    Arrays.fill(match, 0);
    Arrays.fill(acked, cluster.world.now());
  }

  /** This member leads: the first entry of its term, and the first word to the others. */
  void begin() {
    disk.add(new Disk.Entry(disk.term(), new byte[0], "", 0));
    beat(disk.term());
    synced(now -> advance());
  }

  /** This member leads no longer. */
  void deposed() {
    pending.forEach(entry -> life.appendUnknown(entry.ticket()));
    pending.clear();
    waiting.clear();
    life.deposed();
  }

  /** Gives up the lead, and does not stand for election for a while. */
  void abdicate() {
    elections.abdicate();
  }

  // Replication

  private void beat(long term) {
    if (!leads() || term != disk.term()) {
      return;
    }
    long quiet = cluster.world.now() - 2 * Elections.ELECTION;
    acked[host.index] = cluster.world.now();
    if (cluster.cautiousLeaders
        && cluster.voters().filter(voter -> acked[voter.index] > quiet).count() * 2 <= voters) {
      elections.stepDown();
      return;
    }
    peers(this::replicate);
    cluster.world.after(HEARTBEAT, () -> life.mail(() -> beat(term)));
  }

  private void replicate(Host peer) {
    int from = next[peer.index];
    long term = disk.term();
    if (disk.snapshot().filter(s -> from <= s.index() - SNAPSHOT_EVERY).isPresent()) {
      Disk.Snapshot snapshot = disk.snapshot().orElseThrow();
      List<Disk.Entry> prefix = disk.entries(0, snapshot.index());
      send(peer, voter -> voter.install(host, term, snapshot, prefix));
      return;
    }
    int to = Math.min(disk.size(), from - 1 + MAX_BATCH);
    List<Disk.Entry> entries = disk.entries(from - 1, to);
    int previous = from - 1;
    long previousTerm = disk.termAt(previous);
    int committed = commit;
    send(peer, voter -> voter.append(host, term, previous, previousTerm, entries, committed));
  }

  private void append(
      Host from,
      long term,
      int previous,
      long previousTerm,
      List<Disk.Entry> entries,
      int committed) {
    elections.follow(term, Optional.of(from));
    if (term < disk.term() || previous > disk.size() || disk.termAt(previous) != previousTerm) {
      int hint = Math.min(disk.size(), previous - 1);
      reply(from, false, Math.max(0, hint));
      return;
    }
    int at = disk.takeOver(previous, entries);
    if (at <= disk.safe()) {
      reply(from, true, at);
    } else {
      synced(now -> reply(from, true, at));
    }
    commit = Math.max(commit, Math.min(committed, at));
    apply();
  }

  private void install(Host from, long term, Disk.Snapshot snapshot, List<Disk.Entry> prefix) {
    elections.follow(term, Optional.of(from));
    if (term == disk.term() && snapshot.index() > applied) {
      disk.install(snapshot, prefix);
      cluster.world.tell(host, "is given a snapshot at", snapshot.index());
      restore(snapshot);
    }
    reply(from, term == disk.term(), Math.min(disk.size(), snapshot.index()));
  }

  private void reply(Host to, boolean success, int index) {
    long term = disk.term();
    send(to, voter -> voter.appended(host, term, success, index));
  }

  private void appended(Host peer, long term, boolean success, int index) {
    elections.follow(term, Optional.empty());
    if (!leads() || term != disk.term()) {
      return;
    }
    acked[peer.index] = cluster.world.now();
    if (success) {
      match[peer.index] = Math.max(match[peer.index], index);
      next[peer.index] = Math.max(next[peer.index], match[peer.index] + 1);
      advance();
    } else {
      next[peer.index] = Math.max(match[peer.index], index) + 1;
    }
    if (next[peer.index] <= disk.size()) {
      replicate(peer);
    }
  }

  /** Commits what a majority has, once an entry of the own term is among it. */
  private void advance() {
    if (!leads()) {
      return;
    }
    match[host.index] = cluster.has(Habit.ACKNOWLEDGES_UNSYNCED) ? disk.size() : disk.safe();
    int[] sorted = cluster.voters().mapToInt(voter -> match[voter.index]).sorted().toArray();
    int majority = sorted[(voters - 1) / 2];
    if (majority > commit && disk.termAt(majority) == disk.term()) {
      commit = majority;
      apply();
      if (leads() && cluster.world.chance(0.8)) {
        peers(this::replicate);
      }
    }
  }

  private void apply() {
    while (applied < commit) {
      applied++;
      Disk.Entry entry = disk.entry(applied);
      cluster.truth.applied(applied, entry);
      boolean repeated = !entry.submission().isEmpty() && answers.containsKey(entry.submission());
      if (entry.command().length > 0 && !repeated) {
        byte[] answer = replica.apply(applied, entry.countsAs(), entry.command());
        cluster.ledgerHabits.applied(replica, applied, life.agent.state());
        if (!entry.submission().isEmpty()) {
          answers.put(entry.submission(), answer);
        }
      }
      int index = applied;
      pending.removeIf(p -> p.index() == index);
      Optional.ofNullable(waiting.remove(entry.submission()))
          .ifPresent(asker -> tellAnswer(asker, entry.submission()));
      if (leads() && entry.term() == disk.term() && entry.command().length == 0) {
        life.leads(disk.term());
      }
      if (applied % SNAPSHOT_EVERY == 0) {
        disk.keep(new Disk.Snapshot(applied, replica.snapshot(), Map.copyOf(answers)));
      }
    }
  }

  // What the port offers

  /** Appends to the own log, or tells that it was not. */
  void append(byte[] command, long ticket) {
    if (!leads()) {
      life.appendRejected(ticket);
      return;
    }
    disk.add(new Disk.Entry(disk.term(), command, "", 0));
    pending.add(new Pending(disk.size(), ticket));
    peers(this::replicate);
    synced(now -> advance());
  }

  /** Takes in a submission of any member; one that does not lead stays silent. */
  void submitted(Host asker, String submission, long claimed, byte[] command) {
    if (answers.containsKey(submission)) {
      tellAnswer(asker, submission);
      return;
    }
    if (!leads()) {
      return;
    }
    waiting.put(submission, asker);
    boolean known =
        disk.entries(applied, disk.size()).stream()
            .anyMatch(entry -> entry.submission().equals(submission));
    if (!known) {
      disk.add(
          new Disk.Entry(
              disk.term(), cluster.ledgerHabits.asAppended(command), submission, claimed));
      peers(this::replicate);
      synced(now -> advance());
    }
  }

  private void tellAnswer(Host asker, String submission) {
    byte[] answer = Optional.ofNullable(answers.get(submission)).orElseThrow();
    cluster.network.send(
        host, asker, "answer", there -> there.submissions.answered(submission, answer));
  }

  /** Goes on, if the agent still lives, once all that is written now is safe. */
  void synced(LongConsumer then) {
    long term = disk.term();
    disk.sync(() -> life.mail(() -> then.accept(term)));
  }

  private void peers(Consumer<Host> each) {
    cluster.hosts.stream().filter(peer -> peer != host).forEach(each);
  }

  void send(Host to, Consumer<Voter> delivery) {
    cluster.network.send(host, to, RAFT, there -> delivery.accept(there.voter));
  }
}
