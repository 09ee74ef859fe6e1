package io.nsm.agent.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Scripts of the protocol's holes: each holds, and is violated once its rule is taken away. */
class ScenarioTest {

  private static void holds(Consumer<Habit[]> script) {
    assertThatCode(() -> script.accept(new Habit[0])).doesNotThrowAnyException();
  }

  private static void bites(Consumer<Habit[]> script, String invariant, Habit... habits) {
    assertThatThrownBy(() -> script.accept(habits))
        .isInstanceOf(Violation.class)
        .hasMessageStartingWith(invariant);
  }

  @Test
  void s01_a_barrier_pending_at_the_check_of_a_bound_does_not_answer_the_expiring() {
    holds(Scripts::barrierPendingAtExpiry);
    bites(Scripts::barrierPendingAtExpiry, "I2", Habit.ANSWERS_THE_EXPIRING);
  }

  @Test
  void s02_a_deposed_leader_does_not_answer_late_whom_its_own_grant_replaced() {
    holds(Scripts::deposedLeaderAnswersLate);
    bites(Scripts::deposedLeaderAnswersLate, "I2", Habit.ANSWERS_THE_EXPIRING);
  }

  @Test
  void s03_late_and_repeated_notices_start_nothing_after_a_lapse() {
    holds(Scripts::lateNotice);
    bites(Scripts::lateNotice, "I2", Habit.LIST_OF_EVERYTHING);
  }

  @Test
  void s03_a_lost_word_that_a_grant_is_given_up_is_said_again() {
    holds(Scripts::lostReport);
    bites(Scripts::lostReport, "I5", Habit.SAYS_IT_ONCE);
  }

  @Test
  void s04_a_lagging_copy_at_the_restart_of_an_agent_lets_nothing_act() {
    holds(Scripts::laggingCopy);
    bites(Scripts::laggingCopy, "I2", Habit.ASKS_ITS_OWN_COPY);
  }

  @Test
  void s05_a_decision_on_time_is_not_forwarded_to_another_leader() {
    holds(Scripts::forwardedDecision);
    bites(Scripts::forwardedDecision, "I2", Habit.FORWARDS_APPENDS);
  }

  @Test
  void s06_a_forwarded_barrier_answers_nobody() {
    holds(Scripts::forwardedBarrier);
    bites(Scripts::forwardedBarrier, "I2", Habit.FORWARDS_APPENDS);
  }

  @Test
  void s07_a_renewal_does_not_join_a_barrier_that_was_proposed_before_it() {
    holds(Scripts::joinedBarrier);
    bites(Scripts::joinedBarrier, "I2", Habit.JOINS_OLDER_BARRIER);
  }

  @Test
  void s08_an_answer_that_is_delayed_past_a_leader_change_counts_from_when_it_was_asked() {
    holds(Scripts::delayedAnswer);
    bites(Scripts::delayedAnswer, "I2", Habit.ANSWER_FROM_RECEIPT);
  }

  @Test
  void s09_a_leader_that_is_elected_again_knows_what_was_answered_between() {
    holds(Scripts::electedAgain);
    bites(Scripts::electedAgain, "I2", Habit.BARRIER_NAMES_NOBODY);
  }

  @Test
  void s10_a_holder_that_lost_power_is_replaced_before_and_after_its_lease() {
    holds(habits -> Scripts.powerCycle(300, habits));
    holds(habits -> Scripts.powerCycle(4000, habits));
  }

  @Test
  void s11_an_agent_that_is_killed_while_its_process_lapses_gives_the_grant_up() {
    holds(Scripts::agentKilledAtLapse);
    bites(Scripts::agentKilledAtLapse, "I5", Habit.SAYS_IT_ONCE);
  }

  @Test
  void s12_a_run_id_is_never_used_again() {
    holds(Scripts::agentAndRunKilled);
    bites(Scripts::agentAndRunKilled, "I1", Habit.REUSES_RUN_IDS);
  }

  @Test
  void s13_the_end_of_a_link_is_not_the_end_of_a_run() {
    holds(Scripts::brokenLink);
    bites(Scripts::brokenLink, "I2", Habit.EOF_IS_EXIT);
  }

  @Test
  void s14_a_lease_that_waited_in_a_buffer_does_not_count_from_when_it_is_read() {
    holds(Scripts::bufferedLease);
    bites(Scripts::bufferedLease, "I2", Habit.LEASE_FROM_RECEIPT);
  }

  @Test
  void s15_an_effect_just_before_the_margins_end_comes_before_the_next_activation() {
    holds(Scripts::cutAtBothClockExtremes);
    bites(Scripts::cutAtBothClockExtremes, "I2", Habit.BOUND_WITHOUT_MARGIN);
    bites(Scripts::cutAtBothClockExtremes, "I2", Habit.BOUND_WITHOUT_CLOCK_ERROR);
  }

  @Test
  void s16_what_can_not_be_stopped_nor_killed_is_waited_for_until_its_margin_is_over() {
    holds(Scripts::stuck);
    bites(Scripts::stuck, "I2", Habit.LAPSE_WITHOUT_MARGIN);
  }

  @Test
  void s18_a_dead_host_is_replaced_though_leaders_change_faster_than_its_bound() {
    holds(Scripts::flappingLeaders);
    bites(Scripts::flappingLeaders, "I5", Habit.WAITS_ANEW);
  }

  @Test
  void s19_a_grant_that_can_not_be_carried_out_moves_on() {
    holds(Scripts::hungActivation);
    holds(Scripts::bytesUnreachable);
  }

  @Test
  void s22_of_two_agents_of_one_name_one_is_turned_away() {
    holds(Scripts::clonedDirectory);
  }

  @Test
  void s22_a_superseded_agent_stops_what_acts_and_is_not_admitted_again() {
    Consumer<Habit[]> told = habits -> Scripts.supersededAgent(0, true, habits);
    holds(told);
    bites(told, "R7'", Habit.HEARS_OF_NO_SUCCESSOR);
    bites(told, "R7'", Habit.JOINS_AGAIN);
  }

  @Test
  void s22_what_a_superseded_agent_runs_is_waited_for_though_nothing_is_known_of_it() {
    Consumer<Habit[]> cutOff = habits -> Scripts.supersededAgent(8000, false, habits);
    holds(cutOff);
    bites(cutOff, "I2", Habit.VACATES_THE_UNSEEN);
  }

  @Test
  void s23_one_voter_comes_back_from_a_kill_and_from_a_power_cut() {
    holds(Scripts::oneVoter);
  }

  @Test
  void s24_two_hosts_and_a_witness_survive_the_loss_of_each() {
    for (int lost = 0; lost < 3; lost++) {
      int host = lost;
      holds(habits -> Scripts.twoAndWitness(host, habits));
    }
  }

  @Test
  void s25_a_new_leader_goes_on_with_a_switchover_between_its_halves() {
    holds(Scripts::switchoverAndNewLeader);
  }

  @Test
  void s26_a_holder_that_is_cut_off_can_be_stopped() {
    holds(Scripts::stopOfCutHolder);
  }

  @Test
  void a_save_is_not_acknowledged_before_the_ledger_has_it() {
    holds(Scripts::saves);
    bites(Scripts::saves, "I4", Habit.ACKNOWLEDGES_EARLY);
  }

  @Test
  void one_seed_gives_one_course_of_events() {
    assertThat(Simulation.run(3)).isEqualTo(Simulation.run(3));
  }
}
