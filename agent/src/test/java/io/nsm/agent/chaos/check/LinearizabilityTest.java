package io.nsm.agent.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.chaos.check.Linearizability.Holds;
import io.nsm.agent.chaos.check.Linearizability.Undecided;
import io.nsm.agent.chaos.check.Linearizability.Verdict;
import io.nsm.agent.chaos.check.Linearizability.Violated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories of which one knows whether they are linearizable, and random ones tried by force. */
class LinearizabilityTest {
  private final List<KeyCall> calls = new ArrayList<>();

  private LinearizabilityTest call(long from, long to, KeyOperation operation) {
    calls.add(new KeyCall("c" + calls.size(), operation, from, to));
    return this;
  }

  private LinearizabilityTest unknown(long from, KeyOperation operation) {
    return call(from, KeyCall.NEVER, operation);
  }

  private static KeyOperation put(String value) {
    return new KeyOperation.Write(value, 0);
  }

  private static KeyOperation put(String value, long version) {
    return new KeyOperation.Write(value, version);
  }

  private static KeyOperation putIfAbsent(String value) {
    return new KeyOperation.WriteIfAbsent(value, 0);
  }

  private static KeyOperation read(String value) {
    return new KeyOperation.Read(value, 0);
  }

  private static KeyOperation read(String value, long version) {
    return new KeyOperation.Read(value, version);
  }

  private static KeyOperation nothing() {
    return new KeyOperation.Absent();
  }

  private static KeyOperation removed() {
    return new KeyOperation.Removed();
  }

  private static KeyOperation replaced(String expected, String value) {
    return new KeyOperation.Replaced(expected, value, 0);
  }

  private static KeyOperation notReplaced(String expected) {
    return new KeyOperation.NotReplaced(expected);
  }

  private Verdict verdict() {
    return Linearizability.judge(calls, Linearizability.MOST_STEPS);
  }

  private void holds() {
    assertThat(verdict()).isInstanceOf(Holds.class);
  }

  private Violated violated() {
    assertThat(verdict()).isInstanceOf(Violated.class);
    return (Violated) verdict();
  }

  @Test
  void a_history_of_one_client_in_its_order_holds() {
    call(0, 1, nothing())
        .call(2, 3, put("a"))
        .call(4, 5, read("a"))
        .call(6, 7, replaced("a", "b"))
        .call(8, 9, notReplaced("a"))
        .call(10, 11, removed())
        .call(12, 13, nothing())
        .call(14, 15, putIfAbsent("c"))
        .call(16, 17, read("c"))
        .holds();
  }

  @Test
  void overlapping_reads_may_see_the_old_and_the_new_but_not_back_again() {
    call(0, 1, put("a")).call(2, 20, put("b")).call(3, 4, read("a")).call(5, 6, read("b")).holds();
    call(7, 8, read("a")).violated();
  }

  @Test
  void a_stale_read_is_a_violation_and_the_read_is_named() {
    call(0, 1, put("a")).call(2, 3, put("b")).call(4, 5, read("a"));

    Violated violated = violated();

    assertThat(violated.call().operation().seen()).contains("a");
    assertThat(violated.possible()).containsExactly(Optional.of("b"));
    assertThat(violated.byVersionsOnly()).isFalse();
  }

  @Test
  void a_lost_update_is_a_violation() {
    call(0, 1, put("a")).call(2, 3, put("b")).call(4, 5, replaced("a", "c")).violated();
  }

  @Test
  void a_write_that_was_acknowledged_and_is_gone_is_a_violation() {
    call(0, 1, put("a")).call(2, 3, nothing()).violated();
  }

  @Test
  void a_deleted_entry_that_comes_back_is_a_violation() {
    call(0, 1, put("a")).call(2, 3, removed()).call(4, 5, read("a")).violated();
  }

  @Test
  void two_compare_and_sets_from_one_value_cannot_both_succeed() {
    call(0, 1, put("a")).call(2, 10, replaced("a", "b")).call(3, 11, replaced("a", "c")).violated();
  }

  @Test
  void two_puts_if_absent_cannot_both_succeed_without_a_remove() {
    call(2, 10, putIfAbsent("a")).call(3, 11, putIfAbsent("b")).violated();
    calls.clear();
    call(2, 10, putIfAbsent("a")).call(3, 11, putIfAbsent("b")).call(4, 9, removed()).holds();
  }

  @Test
  void two_removes_of_one_value_cannot_both_find_it() {
    call(0, 1, put("a")).call(2, 10, removed()).call(3, 11, removed()).violated();
  }

  @Test
  void a_compare_and_set_that_failed_without_a_reason_is_a_violation() {
    call(0, 1, put("a")).call(2, 3, notReplaced("a")).violated();
  }

  @Test
  void a_value_that_nobody_wrote_is_a_violation() {
    call(0, 1, put("a")).call(2, 3, read("x")).violated();
  }

  @Test
  void a_value_read_before_its_write_began_is_a_violation() {
    call(0, 1, read("a")).call(2, 3, put("a")).violated();
  }

  @Test
  void an_unknown_write_may_take_effect_late_or_never() {
    call(0, 1, put("a")).unknown(2, put("b")).call(3, 4, read("a")).holds();
    call(100, 101, read("b")).holds();
    call(102, 103, put("c")).call(104, 105, read("c")).holds();
  }

  @Test
  void an_unknown_write_does_not_take_effect_twice() {
    call(0, 1, put("a"))
        .unknown(2, put("b"))
        .call(3, 4, read("b"))
        .call(5, 6, put("c"))
        .call(7, 8, read("b"))
        .violated();
  }

  @Test
  void an_unknown_write_does_not_take_effect_before_it_began() {
    call(0, 1, put("a")).call(2, 3, read("b")).unknown(4, put("b")).violated();
  }

  @Test
  void an_unknown_compare_and_set_takes_effect_only_where_its_value_is() {
    call(0, 1, put("a")).unknown(2, replaced("a", "b")).call(3, 4, read("b")).holds();
    calls.clear();
    call(0, 1, put("a")).call(2, 3, put("x")).unknown(4, replaced("a", "b")).call(5, 6, read("b"));
    violated();
  }

  @Test
  void an_unknown_write_that_nobody_saw_may_be_why_a_compare_and_set_failed() {
    call(0, 1, put("a")).unknown(2, put("b")).call(3, 4, notReplaced("a")).holds();
    call(5, 6, read("a")).violated();
  }

  @Test
  void an_unknown_remove_explains_one_gap_and_not_two() {
    call(0, 1, put("a")).unknown(2, removed()).call(3, 4, nothing()).holds();
    call(5, 6, put("b")).call(7, 8, nothing()).violated();
  }

  @Test
  void unknown_calls_explain_each_other() {
    unknown(0, put("a"))
        .unknown(1, replaced("a", "b"))
        .unknown(2, removed())
        .unknown(3, putIfAbsent("c"))
        .call(10, 11, read("b"))
        .call(12, 13, read("c"))
        .holds();
    call(14, 15, read("a")).violated();
  }

  @Test
  void a_version_that_goes_back_is_a_violation_and_told_from_a_value_that_does() {
    call(0, 1, put("a", 7)).call(2, 3, put("b", 6)).call(4, 5, read("b", 6));

    assertThat(violated().byVersionsOnly()).isTrue();
  }

  @Test
  void one_version_for_two_values_and_two_versions_of_one_value_are_violations() {
    call(0, 9, put("a", 7)).call(0, 9, put("b", 7));
    assertThat(violated().byVersionsOnly()).isTrue();
    calls.clear();
    call(0, 1, put("a", 7)).call(2, 3, read("a", 8));
    assertThat(violated().byVersionsOnly()).isTrue();
  }

  @Test
  void many_writes_at_once_are_ordered_by_their_versions_in_few_steps() {
    for (int i = 0; i < 40; i++) {
      call(0, 100, put("v" + i, 40 - i)).call(0, 100 + i, read("v" + i, 40 - i));
    }
    calls.subList(64, 80).clear();

    assertThat(verdict())
        .isInstanceOfSatisfying(
            Holds.class, holds -> assertThat(holds.steps()).isLessThan(10_000L));
  }

  @Test
  void what_it_cannot_decide_within_its_bound_it_does_not_call_right() {
    for (int i = 0; i < 40; i++) {
      call(0, 100, put("v" + i)).call(200 + i, 300, read("v" + i));
    }

    assertThat(Linearizability.judge(calls, 10_000))
        .isInstanceOfSatisfying(
            Undecided.class, undecided -> assertThat(undecided.why()).contains("10000 steps"));
  }

  @Test
  void a_long_history_with_many_unknown_writes_is_decided() {
    Random random = new Random(3);
    String value = "";
    for (int i = 0; i < 100_000; i++) {
      long at = 10L * i;
      if (random.nextInt(100) == 0) {
        unknown(at, put("u" + i));
      } else if (random.nextInt(100) == 0) {
        unknown(at, replaced(value.isEmpty() ? "none" : value, "u" + i));
      } else if (value.isEmpty() || random.nextInt(3) == 0) {
        value = "v" + i;
        call(at, at + 15, put(value, i + 1));
      } else {
        call(at + 6, at + 9, read(value));
      }
    }

    holds();
  }

  @Test
  void agrees_with_brute_force_on_small_histories() {
    int[] found = new int[2];
    for (int seed = 0; seed < 30_000; seed++) {
      List<KeyCall> history = SmallHistories.random(new Random(seed));
      boolean expected = SmallHistories.linearizable(history);

      Verdict verdict = Linearizability.judge(history, Linearizability.MOST_STEPS);

      assertThat(verdict instanceof Holds).as("seed %d: %s", seed, history).isEqualTo(expected);
      found[expected ? 1 : 0]++;
    }
    assertThat(found[0]).isGreaterThan(3_000);
    assertThat(found[1]).isGreaterThan(3_000);
  }
}
