package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One member of the simulated ledger, which votes or only has a copy: Raft with logs, terms,
 * elections, snapshots and restarts from disk. A leader that was deposed goes on until it hears so.
 */
final class Voter {
  /** What a member keeps over its restarts; whatever is in here is flushed. */
  static final class Disk {
    long term;
    int votedFor = -1;
    final List<Entry> log = new ArrayList<>();
    Optional<Snapshot> snapshot = Optional.empty();
  }

  /**
   * An entry.
   *
   * @param submission empty for the first of a term and for a leader's own
   * @param claimed the term that a bad habit has it count as; 0 for the true one
   */
  record Entry(long term, byte[] command, String submission, long claimed) {
    long countsAs() {
      return claimed == 0 ? term : claimed;
    }
  }

  record Snapshot(int index, byte[] state, Map<String, byte[]> answers) {}

  private enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  private record Pending(int index, long ticket) {}

  /** What the network sees of the members' own messages. */
  static final String RAFT = "raft";

  private static final long HEARTBEAT = 100 * World.MILLIS;
  private static final long ELECTION = 500 * World.MILLIS;
  private static final int SNAPSHOT_EVERY = 150;
  private static final int MAX_BATCH = 100;

  private final Cluster cluster;
  private final AgentLife life;
  private final Host host;
  private final Disk disk;
  private final Replica replica;
  private final int voters;

  private Role role = Role.FOLLOWER;
  private Optional<Host> leader = Optional.empty();
  private int commit;
  private int applied;
  private int votes;
  private int timer;
  private long heardAt;
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
    this.next = new int[Cluster.MAX_HOSTS];
    this.match = new int[Cluster.MAX_HOSTS];
    this.acked = new long[Cluster.MAX_HOSTS];
  }

  void start() {
    disk.snapshot.ifPresent(this::restore);
    armElection();
  }

  Optional<Host> leader() {
    return leader;
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  int applied() {
    return applied;
  }

  private void restore(Snapshot snapshot) {
    applied = snapshot.index();
    commit = Math.max(commit, applied);
    answers = new HashMap<>(snapshot.answers());
    replica.restore(applied, snapshot.state());
  }

  // Elections

  private void armElection() {
    if (!host.votes) {
      return;
    }
    int armed = ++timer;
    long wait = ELECTION + cluster.world.between(0, 400 * World.MILLIS);
    cluster.world.after(wait, () -> life.mail(() -> electionDue(armed)));
  }

  private void electionDue(int armed) {
    if (armed != timer || role == Role.LEADER) {
      return;
    }
    role = Role.CANDIDATE;
    know(Optional.empty());
    disk.term++;
    disk.votedFor = host.index;
    votes = 1;
    armElection();
    long term = disk.term;
    int last = disk.log.size();
    long lastTerm = termAt(last);
    cluster
        .voters()
        .filter(peer -> peer != host)
        .forEach(peer -> send(peer, voter -> voter.voteWanted(host, term, last, lastTerm)));
    winIfElected();
  }

  private void voteWanted(Host candidate, long term, int last, long lastTerm) {
    boolean content =
        role == Role.FOLLOWER
            && leader.isPresent()
            && cluster.world.now() - heardAt < ELECTION
            && term > disk.term;
    if (content) {
      return;
    }
    follow(term, Optional.empty());
    boolean upToDate =
        lastTerm > termAt(disk.log.size())
            || lastTerm == termAt(disk.log.size()) && last >= disk.log.size();
    if (term == disk.term
        && upToDate
        && (disk.votedFor < 0 || disk.votedFor == candidate.index)
        && role == Role.FOLLOWER) {
      disk.votedFor = candidate.index;
      armElection();
      send(candidate, voter -> voter.voted(term));
    }
  }

  private void voted(long term) {
    if (role == Role.CANDIDATE && term == disk.term) {
      votes++;
      winIfElected();
    }
  }

  private void winIfElected() {
    if (votes * 2 <= voters) {
      return;
    }
    role = Role.LEADER;
    cluster.world.tell(host, "is elected in term", disk.term);
    Arrays.fill(next, disk.log.size() + 1);
    Arrays.fill(match, 0);
    Arrays.fill(acked, cluster.world.now());
    know(Optional.of(host));
    disk.log.add(new Entry(disk.term, new byte[0], "", 0));
    beat(disk.term);
    advance();
  }

  /** Takes over a newer term, and no longer leads in an older one. */
  private void follow(long term, Optional<Host> of) {
    if (term > disk.term) {
      disk.term = term;
      disk.votedFor = -1;
      stepDown();
    }
    if (of.isPresent() && term == disk.term) {
      stepDown();
      heardAt = cluster.world.now();
      armElection();
      know(of);
    }
  }

  private void stepDown() {
    boolean led = role == Role.LEADER;
    role = Role.FOLLOWER;
    if (led) {
      cluster.world.tell(host, "leads no longer, term", disk.term);
      armElection();
      know(Optional.empty());
      pending.forEach(entry -> life.appendUnknown(entry.ticket()));
      pending.clear();
      waiting.clear();
      life.deposed();
    }
  }

  /** Gives up the lead, and does not stand for election for a while. */
  void abdicate() {
    if (role == Role.LEADER) {
      stepDown();
      timer++;
      cluster.world.after(2 * ELECTION, () -> life.mail(this::armElection));
    }
  }

  private void know(Optional<Host> now) {
    if (!leader.equals(now)) {
      leader = now;
      if (now.isPresent()) {
        life.leaderKnown();
      }
    }
  }

  // Replication

  private void beat(long term) {
    if (role != Role.LEADER || term != disk.term) {
      return;
    }
    long quiet = cluster.world.now() - 2 * ELECTION;
    acked[host.index] = cluster.world.now();
    if (cluster.cautiousLeaders
        && cluster.voters().filter(voter -> acked[voter.index] > quiet).count() * 2 <= voters) {
      stepDown();
      return;
    }
    peers(this::replicate);
    cluster.world.after(HEARTBEAT, () -> life.mail(() -> beat(term)));
  }

  private void replicate(Host peer) {
    int from = next[peer.index];
    long term = disk.term;
    if (disk.snapshot.isPresent() && from <= disk.snapshot.get().index() - SNAPSHOT_EVERY) {
      Snapshot snapshot = disk.snapshot.get();
      List<Entry> prefix = List.copyOf(disk.log.subList(0, snapshot.index()));
      send(peer, voter -> voter.install(host, term, snapshot, prefix));
      return;
    }
    int to = Math.min(disk.log.size(), from - 1 + MAX_BATCH);
    List<Entry> entries = List.copyOf(disk.log.subList(from - 1, to));
    int previous = from - 1;
    long previousTerm = termAt(previous);
    int committed = commit;
    send(peer, voter -> voter.append(host, term, previous, previousTerm, entries, committed));
  }

  private void append(
      Host from, long term, int previous, long previousTerm, List<Entry> entries, int committed) {
    follow(term, Optional.of(from));
    if (term < disk.term || previous > disk.log.size() || termAt(previous) != previousTerm) {
      int hint = Math.min(disk.log.size(), previous - 1);
      reply(from, false, Math.max(0, hint));
      return;
    }
    int at = previous;
    for (Entry entry : entries) {
      at++;
      if (at <= disk.log.size() && disk.log.get(at - 1).term() != entry.term()) {
        disk.log.subList(at - 1, disk.log.size()).clear();
      }
      if (at > disk.log.size()) {
        disk.log.add(entry);
      }
    }
    reply(from, true, at);
    commit = Math.max(commit, Math.min(committed, at));
    apply();
  }

  private void install(Host from, long term, Snapshot snapshot, List<Entry> prefix) {
    follow(term, Optional.of(from));
    if (term == disk.term && snapshot.index() > applied) {
      boolean agrees =
          disk.log.size() >= snapshot.index()
              && termAt(snapshot.index()) == prefix.get(prefix.size() - 1).term();
      if (!agrees) {
        disk.log.clear();
        disk.log.addAll(prefix);
      }
      disk.snapshot = Optional.of(snapshot);
      cluster.world.tell(host, "is given a snapshot at", snapshot.index());
      restore(snapshot);
    }
    reply(from, term == disk.term, Math.min(disk.log.size(), snapshot.index()));
  }

  private void reply(Host to, boolean success, int index) {
    long term = disk.term;
    send(to, voter -> voter.appended(host, term, success, index));
  }

  private void appended(Host peer, long term, boolean success, int index) {
    follow(term, Optional.empty());
    if (role != Role.LEADER || term != disk.term) {
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
    if (next[peer.index] <= disk.log.size()) {
      replicate(peer);
    }
  }

  /** Commits what a majority has, once an entry of the own term is among it. */
  private void advance() {
    match[host.index] = disk.log.size();
    int[] sorted = cluster.voters().mapToInt(voter -> match[voter.index]).sorted().toArray();
    int majority = sorted[(voters - 1) / 2];
    if (majority > commit && termAt(majority) == disk.term) {
      commit = majority;
      apply();
      if (role == Role.LEADER && cluster.world.chance(0.8)) {
        peers(this::replicate);
      }
    }
  }

  private void apply() {
    while (applied < commit) {
      applied++;
      Entry entry = disk.log.get(applied - 1);
      cluster.truth.applied(applied, entry);
      boolean repeated = !entry.submission().isEmpty() && answers.containsKey(entry.submission());
      if (entry.command().length > 0 && !repeated) {
        byte[] answer = replica.apply(applied, entry.countsAs(), entry.command());
        if (!entry.submission().isEmpty()) {
          answers.put(entry.submission(), answer);
        }
      }
      int index = applied;
      pending.removeIf(p -> p.index() == index);
      Optional.ofNullable(waiting.remove(entry.submission()))
          .ifPresent(asker -> tellAnswer(asker, entry.submission()));
      if (role == Role.LEADER && entry.term() == disk.term && entry.command().length == 0) {
        life.leads(disk.term);
      }
      if (applied % SNAPSHOT_EVERY == 0) {
        disk.snapshot = Optional.of(new Snapshot(applied, replica.snapshot(), Map.copyOf(answers)));
      }
    }
  }

  // What the port offers

  /** Appends to the own log, or tells that it was not. */
  void append(byte[] command, long ticket) {
    if (role != Role.LEADER) {
      life.appendRejected(ticket);
      return;
    }
    disk.log.add(new Entry(disk.term, command, "", 0));
    pending.add(new Pending(disk.log.size(), ticket));
    peers(this::replicate);
    advance();
  }

  /** Takes in a submission of any member; one that does not lead stays silent. */
  void submitted(Host asker, String submission, long claimed, byte[] command) {
    if (answers.containsKey(submission)) {
      tellAnswer(asker, submission);
      return;
    }
    if (role != Role.LEADER) {
      return;
    }
    waiting.put(submission, asker);
    boolean known =
        disk.log.subList(applied, disk.log.size()).stream()
            .anyMatch(entry -> entry.submission().equals(submission));
    if (!known) {
      disk.log.add(new Entry(disk.term, command, submission, claimed));
      peers(this::replicate);
      advance();
    }
  }

  private void tellAnswer(Host asker, String submission) {
    byte[] answer = Optional.ofNullable(answers.get(submission)).orElseThrow();
    cluster.network.send(
        host, asker, "answer", there -> there.submissions.answered(submission, answer));
  }

  private long termAt(int index) {
    return index == 0 ? 0 : disk.log.get(index - 1).term();
  }

  private void peers(Consumer<Host> each) {
    cluster.hosts.stream().filter(peer -> peer != host).forEach(each);
  }

  private void send(Host to, Consumer<Voter> delivery) {
    cluster.network.send(host, to, RAFT, there -> delivery.accept(there.voter));
  }
}
