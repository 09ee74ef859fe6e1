package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer.Division;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election as soon as the leader is gone from the view, and not only when its heartbeats
 * have been missing for long. Safe whatever the view says, as the votes decide. But it skips the
 * vote before the vote, and so could depose a healthy leader that only the view lost: it waits
 * until a heartbeat is overdue as well, and acts once a term.
 */
final class ElectionHint {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLedger.class);

  /** Between one voter and the next: time for a vote to be stored and to arrive. */
  private static final Duration STEP = Duration.ofMillis(120);

  private final RaftConfig config;
  private final Division division;
  private final ScheduledExecutorService thread;
  private Set<HostName> reachable = Set.of();
  private long lastTerm;

  /** All that happens here happens on the one given thread. */
  ElectionHint(RaftConfig config, Division division, ScheduledExecutorService thread) {
    this.config = config;
    this.division = division;
    this.thread = thread;
  }

  void reachable(Set<HostName> now) {
    Set<HostName> before = reachable;
    reachable = now;
    Optional<HostName> leader = RaftLedger.leaderOf(division);
    boolean leaderLeft =
        leader.filter(host -> before.contains(host) && !now.contains(host)).isPresent();
    List<HostName> candidates = config.voters().stream().filter(now::contains).toList();
    boolean majority = candidates.size() * 2 > config.voters().size();
    int rank = candidates.indexOf(config.self());
    if (leaderLeft && majority && rank >= 0) {
      long term = division.getInfo().getCurrentTerm();
      later(leader.get(), term, STEP.multipliedBy(rank));
    }
  }

  /** Counted from the last heartbeat, which came to all at about the same time, unlike the view. */
  private void later(HostName leader, long term, Duration turn) {
    Duration missing = overdue().minus(silence(division.getInfo()));
    Duration pause = missing.isNegative() ? turn : turn.plus(missing).plusMillis(1);
    thread.schedule(() -> stand(leader, term, turn), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stand(HostName leader, long term, Duration turn) {
    DivisionInfo info = division.getInfo();
    boolean stillDue =
        info.isAlive()
            && info.isFollower()
            && info.getCurrentTerm() == term
            && lastTerm < term
            && !reachable.contains(leader)
            && RaftLedger.leaderOf(division).equals(Optional.of(leader));
    if (!stillDue) {
      return;
    }
    if (silence(info).compareTo(overdue()) < 0) {
      later(leader, term, turn);
      return;
    }
    lastTerm = term;
    LOG.info("the leader '{}' of term {} is gone: standing for election", leader, term);
    try {
      division.getRaftServer().startLeaderElection(request(leader, term));
    } catch (IOException e) {
      // The election timer does it a little later.
      LOG.info("standing for election early did not work: {}", e.toString());
    }
  }

  private Duration overdue() {
    return config.timers().heartbeat().multipliedBy(6).dividedBy(5);
  }

  private static Duration silence(DivisionInfo info) {
    return Duration.ofMillis(
        info.getRoleInfoProto().getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs());
  }

  /** As if the old leader had asked for it, as it does when it hands over. */
  private StartLeaderElectionRequestProto request(HostName leader, long term) {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    long index = last == null ? 0 : last.getIndex();
    RaftPeerId self = RaftConfig.peerId(config.self());
    return StartLeaderElectionRequestProto.newBuilder()
        .setServerRequest(
            RaftRpcRequestProto.newBuilder()
                .setRequestorId(RaftConfig.peerId(leader).toByteString())
                .setReplyId(self.toByteString())
                .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(config.groupId())))
        .setLeaderLastEntry(TermIndexProto.newBuilder().setTerm(term).setIndex(index))
        .build();
  }
}
