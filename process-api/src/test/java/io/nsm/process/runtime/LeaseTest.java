package io.nsm.process.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.link.HostTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final HostTime NOW = new HostTime(0, 1_000);

  @Test
  void nothing_may_act_before_the_first_epoch() {
    assertThat(Lease.NONE.holds(NOW)).isFalse();
    assertThat(Lease.NONE.remaining(NOW)).isZero();
  }

  @Test
  void holds_until_the_deadline_and_not_at_it() {
    Lease lease = Lease.NONE.granted(1, after(100), NOW);

    assertThat(lease.holds(1, after(99))).isTrue();
    assertThat(lease.holds(2, after(99))).isFalse();
    assertThat(lease.holds(1, after(100))).isFalse();
    assertThat(lease.remaining(after(60))).isEqualTo(Duration.ofMillis(40));
  }

  @Test
  void ends_on_the_boot_clock_when_the_host_was_suspended() {
    Lease lease = Lease.NONE.granted(1, after(100), NOW);
    HostTime resumed = new HostTime(after(10).monotonicNanos(), after(5_000).bootMillis());

    assertThat(lease.holds(1, resumed)).isFalse();
  }

  @Test
  void is_extended_while_it_holds() {
    Lease lease = Lease.NONE.granted(1, after(100), NOW).extended(1, after(200), after(50));

    assertThat(lease.holds(1, after(150))).isTrue();
  }

  @Test
  void is_not_shortened_by_an_extension_that_was_overtaken() {
    Lease lease = Lease.NONE.granted(1, after(200), NOW).extended(1, after(100), after(50));

    assertThat(lease.holds(1, after(150))).isTrue();
  }

  @Test
  void a_passed_deadline_is_never_extended() {
    Lease lease = Lease.NONE.granted(1, after(100), NOW);

    Lease pushed = lease.extended(1, after(500), after(100));
    Lease repeated = lease.granted(1, after(500), after(100));

    assertThat(pushed.holds(1, after(101))).isFalse();
    assertThat(repeated.holds(1, after(101))).isFalse();
    assertThat(pushed.extended(1, after(900), after(102)).holds(1, after(103))).isFalse();
  }

  @Test
  void an_extension_of_another_epoch_changes_nothing() {
    Lease lease = Lease.NONE.granted(2, after(100), NOW);

    assertThat(lease.extended(1, after(500), NOW)).isEqualTo(lease);
    assertThat(lease.extended(3, after(500), NOW)).isEqualTo(lease);
  }

  @Test
  void an_activation_that_came_too_late_does_not_hold() {
    Lease lease = Lease.NONE.granted(1, after(100), after(200));

    assertThat(lease.over()).isTrue();
    assertThat(lease.granted(2, after(300), after(250)).holds(2, after(260))).isTrue();
  }

  @Test
  void goes_only_to_a_greater_epoch() {
    Lease second = Lease.NONE.granted(2, after(100), NOW);

    assertThat(second.granted(1, after(500), NOW)).isEqualTo(second);
    assertThat(second.granted(3, after(500), NOW).holds(3, after(400))).isTrue();
  }

  @Test
  void an_epoch_given_up_does_not_come_back() {
    Lease ended = Lease.NONE.granted(2, after(100), NOW).ended(2);

    assertThat(ended.holds(2, NOW)).isFalse();
    assertThat(ended.granted(2, after(500), NOW).holds(2, NOW)).isFalse();
    assertThat(ended.ended(1)).isEqualTo(ended);
  }

  @Test
  void an_epoch_refused_before_it_came_does_not_begin() {
    Lease ended = Lease.NONE.ended(5);

    assertThat(ended.granted(5, after(500), NOW).holds(5, NOW)).isFalse();
    assertThat(ended.granted(6, after(500), NOW).holds(6, NOW)).isTrue();
  }

  private static HostTime after(long millis) {
    return NOW.plusMillis(millis);
  }
}
