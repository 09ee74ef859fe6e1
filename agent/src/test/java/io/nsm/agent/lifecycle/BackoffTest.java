package io.nsm.agent.lifecycle;

import static io.nsm.agent.lifecycle.Given.restart;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.lifecycle.Instance.History;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether and when an instance is launched again. */
class BackoffTest {
  private static final long SECONDS = 1_000_000_000;
  private static final double MIDDLE = 0.5;
  private static final Restart ALWAYS = Given.RESTART;

  @Test
  void waits_longer_after_each_failure_in_a_row_up_to_a_maximum() {
    long[] seconds = {1, 2, 4, 8, 8, 8};
    History history = History.NONE;

    for (int i = 0; i < seconds.length; i++) {
      // Further apart than the limit's interval, and each run too short to count as healthy.
      long now = i * 601 * SECONDS;
      Backoff.Decision decision =
          Backoff.decide(ALWAYS, history, 1, false, now - SECONDS, now, MIDDLE);
      assertThat(decision.delayNanos()).contains(seconds[i] * SECONDS);
      history = decision.history();
    }
  }

  @Test
  void leaves_the_declared_part_of_each_wait_to_chance() {
    assertThat(decide(ALWAYS, 1, 0).delayNanos()).contains(800_000_000L);
    assertThat(decide(ALWAYS, 1, MIDDLE).delayNanos()).contains(1_000_000_000L);
    assertThat(decide(ALWAYS, 1, 1).delayNanos()).contains(1_200_000_000L);
  }

  @Test
  void starts_the_count_anew_after_a_run_that_lived_long_enough() {
    History failedOften = new History(9, List.of(), 9, List.of());

    Backoff.Decision shortLife =
        Backoff.decide(ALWAYS, failedOften, 1, false, 0, 60 * SECONDS - 1, MIDDLE);
    Backoff.Decision longLife =
        Backoff.decide(ALWAYS, failedOften, 1, false, 0, 60 * SECONDS, MIDDLE);

    assertThat(shortLife.delayNanos()).contains(8 * SECONDS);
    assertThat(longLife.delayNanos()).contains(SECONDS);
  }

  @Test
  void waits_the_longest_time_once_there_are_more_ends_than_the_limit_within_its_interval() {
    History threeEnds = new History(0, List.of(SECONDS, 2 * SECONDS, 3 * SECONDS), 3, List.of());

    Backoff.Decision over =
        Backoff.decide(ALWAYS, threeEnds, 1, false, 3 * SECONDS, 4 * SECONDS, MIDDLE);
    Backoff.Decision longAfter =
        Backoff.decide(ALWAYS, threeEnds, 1, false, 610 * SECONDS, 650 * SECONDS, MIDDLE);

    assertThat(over.delayNanos()).contains(8 * SECONDS);
    assertThat(longAfter.delayNanos()).contains(SECONDS);
  }

  @Test
  void gives_up_over_the_limit_where_that_is_declared() {
    Restart fail = restart(Restart.Policy.ALWAYS, Limit.Then.FAIL);
    History threeEnds = new History(0, List.of(SECONDS, 2 * SECONDS, 3 * SECONDS), 3, List.of());

    Backoff.Decision decision =
        Backoff.decide(fail, threeEnds, 1, false, 3 * SECONDS, 4 * SECONDS, MIDDLE);

    assertThat(decision.delayNanos()).isEmpty();
    assertThat(decision.why()).isEqualTo("more than 3 ends within 600 s");
  }

  @Test
  void remembers_only_the_ends_within_the_interval() {
    History oldEnds = new History(0, List.of(SECONDS, 2 * SECONDS), 2, List.of());

    Backoff.Decision decision = Backoff.decide(ALWAYS, oldEnds, 1, false, 0, 900 * SECONDS, MIDDLE);

    assertThat(decision.history().failedAt()).containsExactly(900 * SECONDS);
  }

  @Test
  void keeps_to_the_policy() {
    Restart never = restart(Restart.Policy.NEVER, Limit.Then.RETRY_SLOWLY);
    Restart onFailure = restart(Restart.Policy.ON_FAILURE, Limit.Then.RETRY_SLOWLY);

    assertThat(decide(never, 1, MIDDLE).delayNanos()).isEmpty();
    assertThat(decide(onFailure, 1, MIDDLE).delayNanos()).isPresent();
    assertThat(decide(onFailure, 0, MIDDLE).delayNanos()).isEmpty();
    assertThat(decide(ALWAYS, 0, MIDDLE).delayNanos()).isPresent();
  }

  @Test
  void never_restarts_after_an_exit_code_that_says_so_whatever_the_policy() {
    assertThat(decide(ALWAYS, 78, MIDDLE).delayNanos()).isEmpty();
    assertThat(decide(ALWAYS, 78, MIDDLE).why()).contains("78").contains("noRestart");
  }

  private static Backoff.Decision decide(Restart restart, int code, double chance) {
    boolean success = restart.success().contains(code);
    return Backoff.decide(restart, History.NONE, code, success, 0, SECONDS, chance);
  }
}
