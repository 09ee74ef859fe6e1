package io.nsm.supervisor.ledger.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Tells followers at once what is committed. By itself Ratis tells it along with the next entries
 * or the next heartbeat, a quarter of a second later. Looks at two moments, so that none is missed:
 * when the leader applied an entry, and when a follower answered.
 */
final class CommitNews {
  private static final class Follower {
    private final LogAppender appender;
    private volatile long lastSent = Long.MIN_VALUE;

    Follower(LogAppender appender) {
      this.appender = appender;
    }

    /** Whether entries remain to be sent; they will carry the news. */
    boolean moreToSend() {
      return appender.getRaftLog().getNextIndex() > lastSent + 1;
    }
  }

  private final Map<RaftPeerId, Follower> followers = new ConcurrentHashMap<>();

  /** A new leadership's way to a follower; replaces the one of an earlier leadership. */
  void sentBy(LogAppender appender) {
    followers.put(appender.getFollowerId(), new Follower(appender));
  }

  void sending(AppendEntriesRequestProto request) {
    Follower follower = followers.get(to(request));
    if (follower != null && request.getEntriesCount() > 0) {
      follower.lastSent = request.getEntries(request.getEntriesCount() - 1).getIndex();
    }
  }

  void answered(AppendEntriesRequestProto request, AppendEntriesReplyProto reply) {
    Follower follower = followers.get(to(request));
    if (follower == null) {
      return;
    }
    if (reply.getResult() == AppendResult.INCONSISTENCY) {
      // It lacks what comes before and will be sent that. A heartbeat asked for now would take the
      // place of those entries, and, as it may not name their commit, of all that follow it.
      follower.lastSent = Long.MIN_VALUE;
    } else if (!follower.moreToSend()
        && follower.appender.getRaftLog().getLastCommittedIndex() > request.getLeaderCommit()) {
      follower.appender.triggerHeartbeat();
    }
  }

  /** The leader applied an entry. */
  void applied() {
    for (Follower follower : followers.values()) {
      if (!follower.moreToSend()) {
        follower.appender.triggerHeartbeat();
      }
    }
  }

  /** This member does not lead any more. */
  void clear() {
    followers.clear();
  }

  private static RaftPeerId to(AppendEntriesRequestProto request) {
    return RaftPeerId.valueOf(request.getServerRequest().getReplyId());
  }
}
