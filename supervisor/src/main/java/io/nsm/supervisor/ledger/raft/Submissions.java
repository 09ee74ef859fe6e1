package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.Ledger.Rejected;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The commands under way through one member, so that each has an outcome when the member ends. */
final class Submissions {
  private final int most;
  private final Set<Submission> underWay = new HashSet<>();
  private boolean ended;

  /**
   * @param most so many are under way at once; one more is rejected
   */
  Submissions(int most) {
    this.most = most;
  }

  /** Starts a command, unless too many are under way or the member has ended. */
  CompletionStage<Outcome> start(Submission submission) {
    synchronized (this) {
      if (ended) {
        return CompletableFuture.completedStage(new Rejected("the ledger has ended here"));
      }
      if (underWay.size() >= most) {
        return CompletableFuture.completedStage(
            new Rejected(most + " commands are under way already"));
      }
      underWay.add(submission);
    }
    return submission.start().whenComplete((outcome, failure) -> remove(submission));
  }

  private synchronized void remove(Submission submission) {
    underWay.remove(submission);
  }

  /** No reply is to be expected any more: what is known now of each command is its outcome. */
  void end() {
    List<Submission> left;
    synchronized (this) {
      ended = true;
      left = new ArrayList<>(underWay);
    }
    left.forEach(Submission::end);
  }
}
