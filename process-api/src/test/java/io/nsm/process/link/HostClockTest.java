package io.nsm.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HostClockTest {

  @Test
  void a_deadline_is_reached_when_either_clock_reaches_it() {
    HostTime deadline = new HostTime(1_000_000_000, 5_000);

    assertThat(new HostTime(999_999_999, 4_999).hasReached(deadline)).isFalse();
    assertThat(new HostTime(1_000_000_000, 4_000).hasReached(deadline)).isTrue();
    assertThat(new HostTime(0, 5_000).hasReached(deadline)).isTrue();
  }

  @Test
  void the_time_left_is_that_of_the_clock_that_is_first() {
    HostTime deadline = new HostTime(3_000_000_000L, 5_000);

    assertThat(new HostTime(1_000_000_000, 1_000).nanosUntil(deadline)).isEqualTo(2_000_000_000L);
    assertThat(new HostTime(1_000_000_000, 4_900).nanosUntil(deadline)).isEqualTo(100_000_000L);
    assertThat(new HostTime(1_000_000_000, 5_000).nanosUntil(deadline)).isZero();
  }

  @Test
  void compares_monotonic_times_also_across_their_overflow() {
    HostTime late = new HostTime(Long.MAX_VALUE - 10, 0);
    HostTime deadline = new HostTime(Long.MIN_VALUE + 10, 10);

    assertThat(late.hasReached(deadline)).isFalse();
    assertThat(late.nanosUntil(deadline)).isEqualTo(21);
  }

  @Test
  void reads_the_seconds_since_boot() {
    assertThat(parse("12345.67 20000.00\n")).isEqualTo(12_345_670);
    assertThat(parse("0.05 0.00\n")).isEqualTo(50);
    assertThatThrownBy(() -> parse("")).hasMessageContaining("expected seconds");
    assertThatThrownBy(() -> parse("12 13")).hasMessageContaining("found '12 13'");
  }

  @Test
  void the_clocks_of_this_host_go_forward() {
    HostClock clock = HostClock.ofThisHost();

    HostTime first = clock.now();
    HostTime second = clock.now();

    assertThat(first.bootMillis()).isPositive();
    assertThat(second.monotonicNanos()).isGreaterThanOrEqualTo(first.monotonicNanos());
    assertThat(second.bootMillis()).isGreaterThanOrEqualTo(first.bootMillis());
  }

  private static long parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return HostClock.ProcClock.parseMillis(bytes, bytes.length);
  }
}
