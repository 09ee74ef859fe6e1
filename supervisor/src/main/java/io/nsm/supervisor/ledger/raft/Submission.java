package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.Ledger.Rejected;
import io.nsm.supervisor.ledger.Ledger.Unknown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One command on its way, tried under one identity until it is applied or its time is over. */
final class Submission {
  private static final long PAUSE_MILLIS = 10;

  private final Function<Duration, CompletionStage<Attempt>> attempt;
  private final ScheduledExecutorService timer;
  private final Duration timeout;
  private final boolean retry;
  private final long began = System.nanoTime();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private boolean attempting;
  private boolean perhapsAppended;
  private String lastReason = "no attempt came to an end";

  /**
   * @param attempt hands the command over once, to whoever leads now, within the given time
   */
  Submission(
      Function<Duration, CompletionStage<Attempt>> attempt,
      ScheduledExecutorService timer,
      Duration timeout,
      boolean retry) {
    this.attempt = attempt;
    this.timer = timer;
    this.timeout = timeout;
    this.retry = retry;
  }

  CompletionStage<Outcome> start() {
    var alarm = timer.schedule(this::end, timeout.toNanos(), TimeUnit.NANOSECONDS);
    attempt();
    return outcome.whenComplete((result, failure) -> alarm.cancel(false));
  }

  private void attempt() {
    Duration left = timeout.minusNanos(System.nanoTime() - began);
    if (outcome.isDone() || left.isNegative() || left.isZero()) {
      end();
      return;
    }
    synchronized (this) {
      attempting = true;
    }
    attempt.apply(left).whenComplete((result, failure) -> attempted(orFailed(result, failure)));
  }

  private static Attempt orFailed(Attempt result, Throwable failure) {
    return failure == null ? result : Attempt.perhaps(failure.toString());
  }

  private void attempted(Attempt result) {
    synchronized (this) {
      attempting = false;
      perhapsAppended |= result.kind() == Attempt.Kind.PERHAPS;
      lastReason = result.kind() == Attempt.Kind.APPLIED ? "applied" : result.reason();
    }
    if (result.kind() == Attempt.Kind.APPLIED) {
      outcome.complete(new Done(result.content()));
    } else if (!retry || timer.isShutdown()) {
      end();
    } else {
      timer.schedule(this::attempt, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** What is known now is the outcome, if there is none yet. */
  void end() {
    Outcome last;
    synchronized (this) {
      last =
          perhapsAppended || attempting
              ? new Unknown("not known to be applied; last: " + lastReason)
              : new Rejected("not appended; last: " + lastReason);
    }
    outcome.complete(last);
  }
}
