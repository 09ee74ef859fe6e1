package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void goes_through_as_many_promotions_as_it_is_told() {
    assertThat(Rehearsal.run(20, Duration.ofHours(1))).isEqualTo(20);
  }

  @Test
  void begins_none_when_its_time_is_over() {
    assertThat(Rehearsal.run(20, Duration.ZERO)).isZero();
  }
}
