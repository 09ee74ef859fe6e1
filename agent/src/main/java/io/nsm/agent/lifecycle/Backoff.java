package io.nsm.agent.lifecycle;

import io.nsm.agent.lifecycle.Instance.History;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides whether an instance whose run ended is launched again, and when. */
final class Backoff {

  /** How many ends are looked back at; a limit may not ask for more. */
  private static final int MAX_REMEMBERED = 1000;

  private Backoff() {}

  /**
   * Whether and when.
   *
   * @param delayNanos until the next launch; empty for never
   * @param why why never
   */
  record Decision(Optional<Long> delayNanos, String why, History history) {}

  static Decision decide(
      Restart restart,
      History history,
      int code,
      boolean success,
      long startedAt,
      long now,
      double chance) {
    if (restart.noRestart().contains(code)) {
      return never("exit code " + code + " is in restart.exitCodes.noRestart", history);
    }
    if (restart.policy() == Restart.Policy.NEVER) {
      return never("restart.policy is never", history);
    }
    if (restart.policy() == Restart.Policy.ON_FAILURE && success) {
      return never("it succeeded, and restart.policy is on-failure", history);
    }
    boolean healthy = now - startedAt >= restart.backoff().resetAfter().toNanos();
    int failures = healthy ? 1 : history.failures() + 1;
    List<Long> recent = recent(history.failedAt(), restart.limit(), now);
    boolean overLimit = recent.size() > restart.limit().attempts();
    History next = new History(failures, recent, history.restarts(), history.exits());
    if (overLimit && restart.limit().then() == Limit.Then.FAIL) {
      return never(
          "more than %d ends within %s"
              .formatted(restart.limit().attempts(), text(restart.limit().interval())),
          next);
    }
    double initial = restart.backoff().initial().toNanos();
    double max = restart.backoff().max().toNanos();
    double grown = initial * Math.pow(restart.backoff().factor(), failures - 1.0);
    double base = overLimit ? max : Math.min(max, grown);
    double spread = 1 + restart.backoff().jitter() * (2 * chance - 1);
    return new Decision(Optional.of((long) (base * spread)), "", next);
  }

  private static Decision never(String why, History history) {
    return new Decision(Optional.empty(), why, history);
  }

  private static List<Long> recent(List<Long> before, Limit limit, long now) {
    List<Long> recent = new ArrayList<>();
    for (long at : before) {
      if (now - at <= limit.interval().toNanos()) {
        recent.add(at);
      }
    }
    recent.add(now);
    return recent.subList(Math.max(0, recent.size() - MAX_REMEMBERED), recent.size());
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + " s";
  }
}
