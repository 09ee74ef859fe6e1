package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.ctl.Look.Hopeless;
import io.nsm.supervisor.ctl.Look.Reached;
import io.nsm.supervisor.ctl.Look.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at the cluster again and again until a goal is reached, hopeless, or the time is over. */
final class Awaiting {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Supplier<ClusterStatus> cluster;
  private final Progress progress;
  private final long deadline;
  private final Duration timeout;

  Awaiting(Supplier<ClusterStatus> cluster, Progress progress, Duration timeout) {
    this.cluster = cluster;
    this.progress = progress;
    this.timeout = timeout;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Waits.
   *
   * @param index looks that are older in the ledger say nothing
   * @return what was reached, in words
   * @throws Failure if it was not
   */
  String reach(Goal goal, long index) {
    String seen = "nothing seen yet";
    Optional<Failure> lastFailure = Optional.empty();
    while (true) {
      try {
        ClusterStatus now = cluster.get();
        lastFailure = Optional.empty();
        Look look =
            now.index() < index
                ? new Waiting("waiting for " + now.host() + " to hear of it")
                : goal.judge(now);
        Optional<String> reached = look.match(new Verdict());
        if (reached.isPresent()) {
          progress.done();
          return reached.get();
        }
        seen = look.match(new InWords());
      } catch (Failure failure) {
        // While hosts come and go, an agent may be away for a moment.
        if (failure.code() != ExitCode.UNREACHABLE && failure.code() != ExitCode.TIMED_OUT) {
          progress.done();
          throw failure;
        }
        lastFailure = Optional.of(failure);
        seen = String.valueOf(failure.getMessage());
      }
      progress.waiting(seen);
      pauseOrGiveUp(seen, lastFailure);
    }
  }

  private void pauseOrGiveUp(String seen, Optional<Failure> lastFailure) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      progress.done();
      throw lastFailure.orElseGet(
          () ->
              new Failure(
                  ExitCode.TIMED_OUT,
                  "not done within " + Spans.brief(timeout) + "; last seen: " + seen,
                  "it may still happen: see 'nsmctl status'; --timeout gives it longer"));
    }
    pause(Math.min(left, PAUSE.toNanos()));
  }

  static void pause(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos).toMillis() + 1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.ERROR, "interrupted");
    }
  }

  private static final class Verdict implements Look.Cases<Optional<String>> {
    @Override
    public Optional<String> reached(Reached reached) {
      return Optional.of(reached.text());
    }

    @Override
    public Optional<String> waiting(Waiting waiting) {
      return Optional.empty();
    }

    @Override
    public Optional<String> hopeless(Hopeless hopeless) {
      throw new Failure(hopeless.code(), hopeless.text());
    }
  }

  private static final class InWords implements Look.Cases<String> {
    @Override
    public String reached(Reached reached) {
      return reached.text();
    }

    @Override
    public String waiting(Waiting waiting) {
      return waiting.text();
    }

    @Override
    public String hopeless(Hopeless hopeless) {
      return hopeless.text();
    }
  }
}
