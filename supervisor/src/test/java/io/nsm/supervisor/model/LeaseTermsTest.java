package io.nsm.supervisor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTermsTest {
  private static final Duration ROUNDING = Duration.ofMillis(10);

  @Test
  void waits_for_lease_and_margin_and_a_rounding_when_clocks_do_not_err() {
    assertThat(LeaseTerms.FAST.bound(0)).isEqualTo(Duration.ofMillis(2_510));
  }

  @Test
  void waits_by_the_quotient_of_both_errors_as_one_clock_may_be_fast_and_the_other_slow() {
    double error = 1e-2;

    // 2.5 s * 1.01 / 0.99, where 2.5 s * 1.01 would end before the holder's slow clock says so.
    assertThat(LeaseTerms.FAST.bound(error).minus(ROUNDING).toNanos())
        .isEqualTo((long) Math.ceil(2_500_000_000L * 1.01 / 0.99));
    assertThat(LeaseTerms.FAST.bound(LeaseTerms.CLOCK_ERROR))
        .isBetween(Duration.ofMillis(2_515), Duration.ofMillis(2_516));
  }

  @Test
  void outlasts_the_slowest_holder_on_the_fastest_leader() {
    for (LeaseTerms terms : List.of(LeaseTerms.FAST, LeaseTerms.BALANCED, LeaseTerms.PATIENT)) {
      for (double error : new double[] {0, 1e-4, 1e-3, 1e-2}) {
        double realEnd = terms.ttl().plus(terms.margin()).toNanos() / (1 - error);
        double realWait = terms.bound(error).toNanos() / (1 + error);
        assertThat(realWait).as("%s with %s", terms.profile(), error).isGreaterThan(realEnd);
      }
    }
  }

  @Test
  void refuses_to_renew_more_seldom_than_eight_times_a_lease() {
    assertThatThrownBy(() -> terms(800, 101, 250)).hasMessageContaining("an eighth");
    assertThat(terms(800, 100, 250).renew()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void refuses_a_margin_below_250_ms_or_a_tenth_of_the_lease() {
    assertThatThrownBy(() -> terms(800, 100, 249)).hasMessageContaining("250 ms");
    assertThatThrownBy(() -> terms(10_000, 100, 999)).hasMessageContaining("a tenth");
  }

  private static LeaseTerms terms(long ttl, long renew, long margin) {
    return new LeaseTerms(
        "own", Duration.ofMillis(ttl), Duration.ofMillis(renew), Duration.ofMillis(margin));
  }
}
