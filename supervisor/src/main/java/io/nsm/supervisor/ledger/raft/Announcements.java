package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.ledger.LedgerListener;
import io.nsm.supervisor.model.HostName;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.ratis.server.RaftServer.Division;

/** Tells the listener, in order, on one thread. */
final class Announcements {
  private final LedgerListener listener;
  private final Executor thread;
  private boolean failed;

  Announcements(LedgerListener listener, Executor thread) {
    this.listener = listener;
    this.thread = thread;
  }

  void leading(Division division, long term) {
    thread.execute(
        () -> {
          // Deposed meanwhile: then "following" was announced before, or will be after this.
          boolean leads =
              division.getInfo().isLeaderReady() && division.getInfo().getCurrentTerm() == term;
          if (leads && !failed) {
            listener.leading(term);
          }
        });
  }

  void following(Optional<HostName> leader) {
    thread.execute(
        () -> {
          if (!failed) {
            listener.following(leader);
          }
        });
  }

  /** Once, and nothing after it. */
  void failed(String reason) {
    thread.execute(
        () -> {
          if (!failed) {
            failed = true;
            listener.failed(reason);
          }
        });
  }
}
