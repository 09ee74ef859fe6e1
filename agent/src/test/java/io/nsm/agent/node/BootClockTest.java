package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.link.Links.Deadline;
import io.nsm.process.link.HostTime;
import org.junit.jupiter.api.Test;

class BootClockTest {
  private static final long MILLIS = 1_000_000;
  private HostTime time = new HostTime(5_000 * MILLIS, 70_000);
  private final BootClock clock = new BootClock(() -> time);

  @Test
  void counts_as_the_monotonic_clock_while_the_host_runs() {
    assertThat(clock.now()).isEqualTo(5_000 * MILLIS);

    time = time.plusMillis(300);

    assertThat(clock.now()).isEqualTo(5_300 * MILLIS);
  }

  @Test
  void adds_the_time_that_the_host_was_suspended() {
    time = new HostTime(5_001 * MILLIS, 79_001);

    assertThat(clock.now()).isEqualTo(14_001 * MILLIS);

    time = time.plusMillis(10);
    assertThat(clock.now()).isEqualTo(14_011 * MILLIS);
  }

  @Test
  void adds_up_several_suspensions() {
    time = new HostTime(5_001 * MILLIS, 71_001);
    clock.now();
    time = new HostTime(5_002 * MILLIS, 73_002);

    assertThat(clock.now()).isEqualTo(8_002 * MILLIS);
  }

  @Test
  void does_not_take_the_coarse_steps_of_the_boot_clock_for_a_suspension() {
    for (long millis = 0; millis < 100; millis++) {
      time = new HostTime((5_000 + millis) * MILLIS, 70_000 + (millis + 9) / 10 * 10);
      assertThat(clock.now()).isEqualTo((5_000 + millis) * MILLIS);
    }
  }

  @Test
  void never_runs_backwards() {
    time = new HostTime(5_001 * MILLIS, 79_001);
    long before = clock.now();
    time = new HostTime(5_001 * MILLIS, 78_991);

    assertThat(clock.now()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void gives_a_deadline_on_both_clocks_that_are_the_same_distance_away() {
    Deadline deadline = clock.deadline(clock.now() + 250 * MILLIS);

    assertThat(deadline.monotonicNanos()).isEqualTo(5_250 * MILLIS);
    assertThat(deadline.bootMillis()).isEqualTo(70_250);
  }

  @Test
  void gives_a_deadline_after_a_suspension_that_both_clocks_reach_at_once() {
    time = new HostTime(5_001 * MILLIS, 79_001);

    Deadline deadline = clock.deadline(clock.now() + 250 * MILLIS);

    assertThat(deadline.monotonicNanos()).isEqualTo(5_251 * MILLIS);
    assertThat(deadline.bootMillis()).isEqualTo(79_251);
  }

  @Test
  void rounds_a_deadline_on_the_boot_clock_down() {
    assertThat(clock.deadline(clock.now() + 250 * MILLIS + 999_999).bootMillis()).isEqualTo(70_250);
    assertThat(clock.deadline(clock.now() - 1).bootMillis()).isEqualTo(69_999);
  }
}
