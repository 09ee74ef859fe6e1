package io.nsm.supervisor.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.junit.jupiter.api.Test;

class CommitBoundTest {
  private static AppendEntriesRequestProto.Builder request(long commit, long... entries) {
    AppendEntriesRequestProto.Builder request =
        AppendEntriesRequestProto.newBuilder().setLeaderTerm(2).setLeaderCommit(commit);
    for (long index : entries) {
      request.addEntries(LogEntryProto.newBuilder().setTerm(2).setIndex(index));
    }
    return request;
  }

  private static long bounded(AppendEntriesRequestProto.Builder request) {
    return CommitBound.apply(request.build()).getLeaderCommit();
  }

  @Test
  void a_heartbeat_that_names_no_entry_commits_nothing() {
    assertThat(bounded(request(0))).isEqualTo(-1);
    assertThat(bounded(request(7))).isEqualTo(-1);
    assertThat(bounded(request(-1))).isEqualTo(-1);
  }

  @Test
  void entries_from_the_start_are_committed_up_to_the_last_one_and_no_further() {
    assertThat(bounded(request(7, 0, 1))).isEqualTo(1);
    assertThat(bounded(request(1, 0))).isEqualTo(0);
  }

  @Test
  void what_the_leader_has_not_committed_stays_so() {
    assertThat(bounded(request(0, 0, 1, 2))).isEqualTo(0);
    assertThat(bounded(request(-1, 0))).isEqualTo(-1);
  }

  @Test
  void a_request_that_names_the_entry_before_is_left_as_it_is() {
    AppendEntriesRequestProto.Builder request =
        request(7, 5).setPreviousLog(TermIndexProto.newBuilder().setTerm(2).setIndex(4));

    assertThat(CommitBound.apply(request.build())).isEqualTo(request.build());
  }
}
