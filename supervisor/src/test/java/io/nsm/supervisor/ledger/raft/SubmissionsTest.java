package io.nsm.supervisor.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.Ledger.Rejected;
import io.nsm.supervisor.ledger.Ledger.Unknown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmissionsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Submissions submissions = new Submissions(2);

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  private CompletableFuture<Outcome> start(CompletableFuture<Attempt> reply) {
    return submissions
        .start(new Submission(left -> reply, timer, LONG, false))
        .toCompletableFuture();
  }

  @Test
  void a_command_whose_reply_never_comes_is_unknown_when_the_member_ends() {
    CompletableFuture<Outcome> outcome = start(new CompletableFuture<>());
    assertThat(outcome).isNotDone();

    submissions.end();

    assertThat(outcome).isCompletedWithValueMatching(Unknown.class::isInstance);
  }

  @Test
  void a_reply_before_the_end_is_the_outcome() {
    CompletableFuture<Attempt> reply = new CompletableFuture<>();
    CompletableFuture<Outcome> outcome = start(reply);
    reply.complete(Attempt.applied(new byte[] {7}));

    submissions.end();

    assertThat(outcome).isCompletedWithValueMatching(Done.class::isInstance);
  }

  @Test
  void a_command_after_the_end_is_rejected() {
    submissions.end();

    assertThat(start(new CompletableFuture<>()))
        .isCompletedWithValueMatching(Rejected.class::isInstance);
  }

  @Test
  void one_too_many_is_rejected_until_another_has_its_outcome() {
    CompletableFuture<Attempt> first = new CompletableFuture<>();
    start(first);
    start(new CompletableFuture<>());
    assertThat(start(new CompletableFuture<>()))
        .isCompletedWithValueMatching(Rejected.class::isInstance);

    first.complete(Attempt.applied(new byte[0]));

    assertThat(start(new CompletableFuture<>())).isNotDone();
  }
}
