package io.nsm.agent.node;

import static io.nsm.agent.node.Departure.Stage.BUSY;
import static io.nsm.agent.node.Departure.Stage.DONE;
import static io.nsm.agent.node.Departure.Stage.QUIET;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DepartureTest {
  private static final long BEGIN = -5_000_000_000L;
  private final Departure departure = new Departure();

  @Test
  void an_agent_ends_at_once_when_all_is_given_up() {
    assertThat(over(BUSY, true, Duration.ofSeconds(50))).isFalse();
    assertThat(over(DONE, false, Duration.ofSeconds(50))).isTrue();
  }

  @Test
  void an_agent_without_a_majority_waits_for_its_processes_and_little_longer() {
    assertThat(over(BUSY, false, Duration.ZERO)).isFalse();
    assertThat(over(BUSY, false, Duration.ofSeconds(20))).isFalse();
    assertThat(over(QUIET, false, Duration.ofSeconds(30))).isFalse();
    assertThat(over(QUIET, false, Duration.ofMillis(30_999))).isFalse();
    assertThat(over(QUIET, false, Duration.ofSeconds(31))).isTrue();
  }

  @Test
  void an_agent_with_a_majority_gives_it_some_seconds() {
    assertThat(over(QUIET, true, Duration.ZERO)).isFalse();
    assertThat(over(QUIET, true, Duration.ofMillis(4_999))).isFalse();
    assertThat(over(QUIET, true, Duration.ofSeconds(5))).isTrue();
  }

  private boolean over(Departure.Stage stage, boolean majority, Duration after) {
    return departure.over(stage, majority, BEGIN + after.toNanos());
  }
}
