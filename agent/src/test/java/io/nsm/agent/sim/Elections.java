package io.nsm.agent.sim;

import java.util.Optional;
import java.util.function.Consumer;

/** Who leads the simulated ledger, as one member sees it, and how it becomes the leader itself. */
final class Elections {
  private enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  /** How long a member hears nothing before it stands for election, at least. */
  static final long ELECTION = 500 * World.MILLIS;

  private final Cluster cluster;
  private final AgentLife life;
  private final Host host;
  private final Disk disk;
  private final Voter member;
  private final int voters;
  private Role role = Role.FOLLOWER;
  private Optional<Host> leader = Optional.empty();
  private int votes;
  private int timer;
  private long heardAt;

  Elections(Cluster cluster, AgentLife life, Voter member) {
    this.cluster = cluster;
    this.life = life;
    this.host = life.host;
    this.disk = life.host.disk;
    this.member = member;
    this.voters = (int) cluster.voters().count();
  }

  Optional<Host> leader() {
    return leader;
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  void armElection() {
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
    votes = 1;
    armElection();
    if (cluster.preVotes) {
      long term = disk.term() + 1;
      ask(other -> other.wouldVote(host, term, disk.size(), disk.termAt(disk.size())));
      standIfWelcome(term);
    } else {
      stand();
    }
  }

  /** Whether somebody would get this vote, which is not given yet. */
  private void wouldVote(Host candidate, long term, int last, long lastTerm) {
    boolean led = role == Role.LEADER || hears();
    if (!led && term > disk.term() && upToDate(last, lastTerm)) {
      member.send(candidate, voter -> voter.elections.wouldBeVoted(term));
    }
  }

  private void wouldBeVoted(long term) {
    if (role == Role.CANDIDATE && term == disk.term() + 1) {
      votes++;
      standIfWelcome(term);
    }
  }

  private void standIfWelcome(long term) {
    if (votes * 2 > voters && term == disk.term() + 1) {
      stand();
    }
  }

  private void stand() {
    disk.vote(disk.term() + 1, host.index);
    votes = 1;
    member.synced(this::standForElection);
  }

  private void ask(Consumer<Elections> question) {
    cluster
        .voters()
        .filter(peer -> peer != host)
        .forEach(peer -> member.send(peer, voter -> question.accept(voter.elections)));
  }

  private void standForElection(long term) {
    if (role != Role.CANDIDATE || term != disk.term()) {
      return;
    }
    int last = disk.size();
    long lastTerm = disk.termAt(last);
    ask(other -> other.voteWanted(host, term, last, lastTerm));
    winIfElected();
  }

  private void voteWanted(Host candidate, long term, int last, long lastTerm) {
    if (hears() && term > disk.term()) {
      return;
    }
    follow(term, Optional.empty());
    if (term == disk.term()
        && upToDate(last, lastTerm)
        && (disk.votedFor() < 0 || disk.votedFor() == candidate.index)
        && role == Role.FOLLOWER) {
      disk.vote(term, candidate.index);
      armElection();
      member.synced(now -> member.send(candidate, voter -> voter.elections.voted(term)));
    }
  }

  /** Whether it follows a leader that it heard lately. */
  private boolean hears() {
    return role == Role.FOLLOWER && leader.isPresent() && cluster.world.now() - heardAt < ELECTION;
  }

  private boolean upToDate(int last, long lastTerm) {
    long own = disk.termAt(disk.size());
    return lastTerm > own || (lastTerm == own && last >= disk.size());
  }

  private void voted(long term) {
    if (role == Role.CANDIDATE && term == disk.term()) {
      votes++;
      winIfElected();
    }
  }

  private void winIfElected() {
    if (votes * 2 <= voters) {
      return;
    }
    role = Role.LEADER;
    cluster.world.tell(host, "is elected in term", disk.term());
    member.prepareToLead();
    know(Optional.of(host));
    member.begin();
  }

  /** Takes over a newer term, and no longer leads in an older one. */
  void follow(long term, Optional<Host> of) {
    if (term > disk.term()) {
      disk.vote(term, -1);
      stepDown();
    }
    if (of.isPresent() && term == disk.term()) {
      stepDown();
      heardAt = cluster.world.now();
      armElection();
      know(of);
    }
  }

  void stepDown() {
    boolean led = role == Role.LEADER;
    role = Role.FOLLOWER;
    if (led) {
      cluster.world.tell(host, "leads no longer, term", disk.term());
      armElection();
      know(Optional.empty());
      member.deposed();
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
}
