package io.nsm.supervisor.lease;

import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a host may act, and for which grants (decision 9, rules 2 and 4). */
class HostLeaseTest {
  private static final Duration TTL = Duration.ofNanos(100);
  private static final Grant.Held OLD = grant(1, 10);
  private static final Grant.Held NEW = grant(2, 30);

  @Test
  void may_not_act_before_the_first_answer() {
    HostLease none = HostLease.none(50);

    assertThat(none.valid(50)).isFalse();
    assertThat(none.covers(NEW, 50)).isFalse();
  }

  @Test
  void counts_from_when_the_renewal_was_sent_whenever_its_answer_arrives() {
    HostLease lease = HostLease.none(0).answered(40, TTL, 20, List.of());

    assertThat(lease.valid(140)).isTrue();
    assertThat(lease.valid(141)).isFalse();
  }

  @Test
  void keeps_the_latest_end_when_answers_arrive_out_of_order() {
    HostLease lease =
        HostLease.none(0).answered(40, TTL, 20, List.of()).answered(10, TTL, 21, List.of());

    assertThat(lease.end()).isEqualTo(140);
  }

  @Test
  void keeps_the_list_of_the_newest_barrier_when_answers_arrive_out_of_order() {
    HostLease lease =
        HostLease.none(0).answered(10, TTL, 35, List.of(NEW)).answered(40, TTL, 20, List.of(OLD));

    assertThat(lease.barrier()).isEqualTo(35);
    assertThat(lease.grants()).containsExactly(NEW);
    assertThat(lease.end()).isEqualTo(140);
  }

  @Test
  void covers_a_grant_in_the_newest_list() {
    HostLease lease = HostLease.none(0).answered(0, TTL, 20, List.of(OLD));

    assertThat(lease.covers(OLD, 100)).isTrue();
    assertThat(lease.covers(OLD, 101)).as("after its end").isFalse();
  }

  @Test
  void covers_a_grant_that_is_newer_than_the_newest_list() {
    HostLease lease = HostLease.none(0).answered(0, TTL, 20, List.of());

    assertThat(lease.covers(NEW, 50)).isTrue();
  }

  @Test
  void does_not_cover_a_grant_heard_of_late_that_the_newest_list_no_longer_has() {
    HostLease healed = HostLease.none(0).answered(1_000, TTL, 40, List.of());

    assertThat(healed.valid(1_050)).isTrue();
    assertThat(healed.covers(OLD, 1_050)).isFalse();
    assertThat(healed.covers(NEW, 1_050)).isFalse();
  }

  @Test
  void does_not_cover_an_old_grant_because_a_later_one_of_the_same_instance_is_listed() {
    HostLease lease = HostLease.none(0).answered(0, TTL, 40, List.of(NEW));

    assertThat(lease.covers(NEW, 50)).isTrue();
    assertThat(lease.covers(OLD, 50)).isFalse();
  }

  private static Grant.Held grant(long epoch, long index) {
    return new Grant.Held(
        instance("importer/1"), id("a"), run("a", epoch), new Epoch(epoch), index);
  }
}
