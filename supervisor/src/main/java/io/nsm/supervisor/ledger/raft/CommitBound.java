package io.nsm.supervisor.ledger.raft;

import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * How much of its log a follower may take for committed after one request: up to the last entry
 * that this request shows to be the leader's too.
 *
 * <p>Ratis 3.3.0 bounds it so only where the request names the entry before its first. Where it
 * names none it allows one entry more, so a heartbeat without any made a deposed first leader
 * commit its own entry 0. What is committed is never overwritten: the new leader offered its
 * entries for ever.
 */
final class CommitBound {
  private CommitBound() {}

  /** The same request, with a commit index that is true for who receives it. */
  static AppendEntriesRequestProto apply(AppendEntriesRequestProto request) {
    if (request.hasPreviousLog()) {
      return request;
    }
    int count = request.getEntriesCount();
    long shown = count == 0 ? RaftLog.INVALID_LOG_INDEX : request.getEntries(count - 1).getIndex();
    return request.getLeaderCommit() <= shown
        ? request
        : request.toBuilder().setLeaderCommit(shown).build();
  }
}
