package io.nsm.samples.importer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000;

  @Test
  void spreads_rows_evenly() {
    Pace pace = new Pace(1_000, 0);

    pace.took(100, 0);

    assertThat(pace.nanosUntilDue(0)).isEqualTo(100 * MILLI);
    assertThat(pace.nanosUntilDue(99 * MILLI)).isEqualTo(MILLI);
    assertThat(pace.nanosUntilDue(100 * MILLI)).isZero();
  }

  @Test
  void catches_up_after_a_short_pause() {
    Pace pace = new Pace(1_000, 0);

    pace.took(100, 350 * MILLI);

    assertThat(pace.nanosUntilDue(350 * MILLI)).isZero();
    pace.took(300, 350 * MILLI);
    assertThat(pace.nanosUntilDue(350 * MILLI)).isEqualTo(50 * MILLI);
  }

  @Test
  void catches_up_a_bounded_time_after_a_long_pause() {
    Pace pace = new Pace(1_000, 0);
    long hour = 3_600_000 * MILLI;

    pace.took(100, hour);
    pace.took(1_000, hour);

    assertThat(pace.nanosUntilDue(hour)).isZero();
    pace.took(100, hour);
    assertThat(pace.nanosUntilDue(hour)).isEqualTo(100 * MILLI);
  }

  @Test
  void never_waits_without_a_rate() {
    Pace pace = new Pace(0, 0);

    pace.took(1_000_000, 0);

    assertThat(pace.nanosUntilDue(0)).isZero();
  }
}
