package io.nsm.supervisor.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.HostId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final HostId A = new HostId("a");
  private static final HostId B = new HostId("b");
  private static final long BEGIN = 1_000;
  private final Bounds bounds = Bounds.begin(BEGIN, Duration.ofNanos(100));

  @Test
  void waits_for_every_host_from_when_the_replica_began() {
    assertThat(bounds.passed(A, BEGIN + 100)).isFalse();
    assertThat(bounds.passed(A, BEGIN + 101)).isTrue();
  }

  @Test
  void waits_for_a_host_from_when_a_barrier_that_serves_it_was_applied() {
    Bounds served = bounds.served(List.of(A), BEGIN + 70);

    assertThat(served.of(A)).isEqualTo(BEGIN + 170);
    assertThat(served.passed(A, BEGIN + 170)).isFalse();
    assertThat(served.passed(A, BEGIN + 171)).isTrue();
    assertThat(served.passed(B, BEGIN + 101)).as("of a host it does not serve").isTrue();
  }

  @Test
  void never_moves_a_bound_back() {
    Bounds served = bounds.served(List.of(A), BEGIN + 70).served(List.of(A), BEGIN + 20);

    assertThat(served.of(A)).isEqualTo(BEGIN + 170);
  }

  @Test
  void waits_anew_after_a_snapshot_as_that_does_not_say_whom_the_missed_barriers_served() {
    Bounds restored = Bounds.begin(BEGIN + 500, Duration.ofNanos(100));

    assertThat(restored.passed(A, BEGIN + 600)).isFalse();
    assertThat(restored.passed(A, BEGIN + 601)).isTrue();
  }

  @Test
  void compares_instants_of_a_clock_that_overflows() {
    long late = Long.MAX_VALUE - 10;
    Bounds overflowing = Bounds.begin(late, Duration.ofNanos(100));

    assertThat(overflowing.passed(A, late + 50)).isFalse();
    assertThat(overflowing.passed(A, late + 101)).isTrue();
    Bounds served = overflowing.served(List.of(A), late + 5);
    assertThat(served.passed(A, late + 104)).isFalse();
    assertThat(served.passed(A, late + 106)).isTrue();
  }
}
