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
    holds(LeaseScripts::barrierPendingAtExpiry);
    bites(LeaseScripts::barrierPendingAtExpiry, "I2", Habit.ANSWERS_THE_EXPIRING);
  }

  @Test
  void s02_a_deposed_leader_does_not_answer_late_whom_its_own_grant_replaced() {
    holds(LeaseScripts::deposedLeaderAnswersLate);
    bites(LeaseScripts::deposedLeaderAnswersLate, "I2", Habit.ANSWERS_THE_EXPIRING);
  }

  @Test
  void s03_late_and_repeated_notices_start_nothing_after_a_lapse() {
    holds(LeaseScripts::lateNotice);
    bites(LeaseScripts::lateNotice, "I2", Habit.LIST_OF_EVERYTHING);
  }

  @Test
  void s03_a_lost_word_that_a_grant_is_given_up_is_said_again() {
    holds(EndingScripts::lostReport);
    bites(EndingScripts::lostReport, "I5", Habit.SAYS_IT_ONCE);
  }

  @Test
  void s04_a_lagging_copy_at_the_restart_of_an_agent_lets_nothing_act() {
    holds(LeaseScripts::laggingCopy);
    bites(LeaseScripts::laggingCopy, "I2", Habit.ASKS_ITS_OWN_COPY);
  }

  @Test
  void s05_a_decision_on_time_is_not_forwarded_to_another_leader() {
    holds(LeaseScripts::forwardedDecision);
    bites(LeaseScripts::forwardedDecision, "I2", Habit.FORWARDS_DECISIONS);
  }

  @Test
  void s06_a_forwarded_barrier_answers_nobody() {
    holds(LeaseScripts::forwardedBarrier);
    bites(LeaseScripts::forwardedBarrier, "I2", Habit.FORWARDS_BARRIERS);
  }

  @Test
  void s07_a_renewal_does_not_join_a_barrier_that_was_proposed_before_it() {
    holds(LeaseScripts::joinedBarrier);
    bites(LeaseScripts::joinedBarrier, "I2", Habit.JOINS_OLDER_BARRIER);
  }

  @Test
  void s08_an_answer_that_is_delayed_past_a_leader_change_counts_from_when_it_was_asked() {
    holds(LeaseScripts::delayedAnswer);
    bites(LeaseScripts::delayedAnswer, "I2", Habit.ANSWER_FROM_RECEIPT);
  }

  @Test
  void s09_a_leader_that_is_elected_again_knows_what_was_answered_between() {
    holds(LeaseScripts::electedAgain);
    bites(LeaseScripts::electedAgain, "I2", Habit.BARRIER_NAMES_NOBODY);
  }

  @Test
  void s10_a_holder_that_lost_power_is_replaced_before_and_after_its_lease() {
    holds(habits -> EndingScripts.powerCycle(300, habits));
    holds(habits -> EndingScripts.powerCycle(4000, habits));
  }

  @Test
  void s10_a_grant_that_comes_after_its_runs_end_is_given_up_by_who_never_saw_the_run() {
    holds(EndingScripts::grantAfterRejoin);
    bites(EndingScripts::grantAfterRejoin, "I5", Habit.SPEAKS_FOR_ITS_OWN_RUNS);
  }

  @Test
  void s11_a_grant_that_was_given_up_is_not_carried_out() {
    holds(EndingScripts::grantedWhileAgentIsAway);
  }

  @Test
  void s11_an_agent_that_is_killed_while_its_process_lapses_gives_the_grant_up() {
    holds(EndingScripts::agentKilledAtLapse);
    bites(EndingScripts::agentKilledAtLapse, "I5", Habit.SAYS_IT_ONCE);
  }

  @Test
  void s12_a_run_id_is_never_used_again() {
    holds(EndingScripts::agentAndRunKilled);
    bites(EndingScripts::agentAndRunKilled, "I1", Habit.REUSES_RUN_IDS);
  }

  @Test
  void s12_what_is_said_of_a_grant_counts_for_no_later_one() {
    holds(EndingScripts::lateReport);
    bites(EndingScripts::lateReport, "I2", Habit.VACATES_WHATEVER_IS_HELD);
  }

  @Test
  void s13_the_end_of_a_link_is_not_the_end_of_a_run() {
    holds(EndingScripts::brokenLink);
    bites(EndingScripts::brokenLink, "I2", Habit.EOF_IS_EXIT);
  }

  @Test
  void s14_a_lease_that_waited_in_a_buffer_does_not_count_from_when_it_is_read() {
    holds(LeaseScripts::bufferedLease);
    bites(LeaseScripts::bufferedLease, "I2", Habit.LEASE_FROM_RECEIPT);
  }

  @Test
  void s15_an_effect_just_before_the_margins_end_comes_before_the_next_activation() {
    holds(LeaseScripts::cutAtBothClockExtremes);
    bites(LeaseScripts::cutAtBothClockExtremes, "I2", Habit.BOUND_WITHOUT_MARGIN);
    bites(LeaseScripts::cutAtBothClockExtremes, "I2", Habit.BOUND_WITHOUT_CLOCK_ERROR);
  }

  @Test
  void s15_an_effect_at_the_last_instant_comes_before_the_next_activation() {
    holds(LeaseScripts::effectAtTheLastInstant);
    bites(LeaseScripts::effectAtTheLastInstant, "I2", Habit.BOUND_WITHOUT_MARGIN);
    bites(LeaseScripts::effectAtTheLastInstant, "I2", Habit.BOUND_WITHOUT_CLOCK_ERROR);
  }

  @Test
  void s16_what_can_not_be_stopped_nor_killed_is_waited_for_until_its_margin_is_over() {
    holds(EndingScripts::stuck);
    bites(EndingScripts::stuck, "I2", Habit.LAPSE_WITHOUT_MARGIN);
  }

  @Test
  void s17_what_was_suspended_for_longer_than_its_lease_does_not_act_when_it_wakes_up() {
    holds(LeaseScripts::suspendedHost);
    bites(LeaseScripts::suspendedHost, "I2", Habit.CHECKS_ONE_CLOCK);
  }

  @Test
  void s17_a_guest_that_was_paused_with_its_clocks_acts_for_no_longer_than_its_lease_had_left() {
    holds(LeaseScripts::pausedGuest);
    bites(LeaseScripts::pausedGuest, "I2", Habit.LEASE_FROM_RECEIPT);
    bites(LeaseScripts::pausedGuest, "I4", Habit.SAVES_UNDER_ANY_EPOCH);
  }

  @Test
  void s18_a_dead_host_is_replaced_though_leaders_change_faster_than_its_bound() {
    holds(LeaseScripts::flappingLeaders);
    bites(LeaseScripts::flappingLeaders, "I5", Habit.WAITS_ANEW);
  }

  @Test
  void s19_a_grant_that_can_not_be_carried_out_moves_on() {
    holds(EndingScripts::hungActivation);
    bites(EndingScripts::hungActivation, "I5", Habit.WAITS_FOR_EVER);
  }

  @Test
  void s19_a_host_that_cannot_have_the_checkpoint_lets_another_try() {
    holds(SavingScripts::bytesUnreachable);
    bites(SavingScripts::bytesUnreachable, "I3", Habit.STARTS_WITHOUT_BYTES);
  }

  @Test
  void s19_a_role_is_not_thrown_at_a_host_that_was_not_answered_lately() {
    holds(EndingScripts::candidateWithoutLease);
    bites(EndingScripts::candidateWithoutLease, "rule 9", Habit.GRANTS_WITHOUT_A_LEASE);
  }

  @Test
  void s20_a_save_that_is_asked_again_is_known_as_the_same() {
    holds(SavingScripts::unknownSave);
    bites(SavingScripts::unknownSave, "I4", Habit.TAKES_A_RETRY_FOR_OLD);
    holds(SavingScripts::unknownSaveAndNextGrant);
  }

  @Test
  void s20_bytes_that_nobody_has_any_more_are_not_replaced_by_older_ones() {
    holds(SavingScripts::emptiedMember);
    bites(SavingScripts::emptiedMember, "I3", Habit.STARTS_WITHOUT_BYTES);
  }

  @Test
  void s20_a_member_with_a_lagging_copy_removes_nothing_that_is_needed() {
    holds(SavingScripts::laggingRemoval);
    bites(SavingScripts::laggingRemoval, "I5", Habit.REMOVES_THE_UNREFERENCED);
  }

  @Test
  void s21_epochs_go_on_when_a_process_is_deleted_and_declared_anew() {
    holds(IdentityScripts::declaredAnew);
    bites(IdentityScripts::declaredAnew, "I1", Habit.COUNTS_EPOCHS_ANEW);
  }

  @Test
  void s22_of_two_agents_of_one_name_one_is_turned_away() {
    holds(IdentityScripts::clonedDirectory);
    bites(IdentityScripts::clonedDirectory, "rule 8", Habit.ADMITS_ANY_BOOT);
  }

  @Test
  void s22_a_superseded_agent_stops_what_acts_and_is_not_admitted_again() {
    Consumer<Habit[]> told = habits -> IdentityScripts.supersededAgent(0, true, habits);
    holds(told);
    bites(told, "rule 8", Habit.HEARS_OF_NO_SUCCESSOR);
    bites(told, "rule 8", Habit.JOINS_AGAIN);
  }

  @Test
  void s22_what_a_superseded_agent_runs_is_waited_for_though_nothing_is_known_of_it() {
    Consumer<Habit[]> cutOff = habits -> IdentityScripts.supersededAgent(8000, false, habits);
    holds(cutOff);
    bites(cutOff, "I2", Habit.VACATES_THE_UNSEEN);
  }

  @Test
  void s23_one_voter_comes_back_from_a_kill_and_from_a_power_cut() {
    holds(EndingScripts::oneVoter);
    bites(EndingScripts::oneVoter, "I5", Habit.FORGETS_RUNS);
    bites(EndingScripts::oneVoter, "I1", Habit.ACKNOWLEDGES_UNSYNCED);
  }

  @Test
  void s24_two_hosts_and_a_witness_survive_the_loss_of_each() {
    for (int lost = 0; lost < 3; lost++) {
      int host = lost;
      holds(habits -> EndingScripts.twoAndWitness(host, habits));
    }
    holds(EndingScripts::eachPair);
    bites(EndingScripts::eachPair, "I5", Habit.ONE_COPY_IS_ENOUGH);
  }

  @Test
  void s25_a_new_leader_goes_on_with_a_switchover_between_its_halves() {
    holds(EndingScripts::switchoverAndNewLeader);
    bites(EndingScripts::switchoverAndNewLeader, "I5", Habit.SAYS_IT_ONCE);
  }

  @Test
  void s26_a_holder_that_is_cut_off_can_be_stopped() {
    holds(EndingScripts::stopOfCutHolder);
    bites(EndingScripts::stopOfCutHolder, "I2", Habit.STOPS_WITHOUT_WAITING);
  }

  @Test
  void s27_a_host_that_is_heard_and_hears_nothing_loses_the_role_and_does_not_get_it_back() {
    holds(LeaseScripts::deafHost);
    holds(LeaseScripts::deafCopy);
    bites(LeaseScripts::deafCopy, "I5", Habit.SAYS_IT_ONCE);
    bites(LeaseScripts::deafCopy, "I5", Habit.ANSWERS_THE_DEAF);
  }

  @Test
  void s28_a_map_is_not_written_in_an_epoch_that_is_over() {
    holds(SavingScripts::lateMapWrite);
    bites(SavingScripts::lateMapWrite, "I4", Habit.CHECKS_WRITES_AT_THE_WRITER);
    bites(SavingScripts::lateMapWrite, "I4", Habit.RAISES_NO_FENCE);
  }

  @Test
  void s28_a_first_write_waits_until_the_ledger_knows_of_it_in_the_current_epoch() {
    holds(SavingScripts::lateFirstWrite);
    bites(SavingScripts::lateFirstWrite, "I4", Habit.WRITES_BEFORE_THE_LEDGER_KNOWS);
    bites(SavingScripts::lateFirstWrite, "I4", Habit.TAKES_A_LATE_WORD);
  }

  @Test
  void s28_that_a_later_epoch_writes_does_not_let_an_earlier_one_through() {
    holds(SavingScripts::firstWriteInTheNextEpoch);
    bites(SavingScripts::firstWriteInTheNextEpoch, "I4", Habit.TAKES_ANOTHER_EPOCHS_WORD);
  }

  @Test
  void s28_what_a_deleted_process_wrote_is_fenced_when_it_is_declared_anew() {
    holds(SavingScripts::lateWriteOfTheDeleted);
    bites(SavingScripts::lateWriteOfTheDeleted, "I4", Habit.FORGETS_DELETED_WRITERS);
  }

  @Test
  void a_save_is_not_acknowledged_before_the_ledger_has_it() {
    holds(SavingScripts::saves);
    bites(SavingScripts::saves, "I4", Habit.ACKNOWLEDGES_EARLY);
  }

  @Test
  void a_save_of_an_epoch_that_is_over_changes_nothing() {
    holds(SavingScripts::staleSave);
    bites(SavingScripts::staleSave, "I4", Habit.SAVES_UNDER_ANY_EPOCH);
  }

  @Test
  void a_run_that_hangs_is_killed_and_another_acts() {
    holds(EndingScripts::hang);
    bites(EndingScripts::hang, "I5", Habit.FORGIVES_THE_HUNG);
  }

  @Test
  void what_depends_on_another_process_is_started_after_it() {
    holds(EndingScripts::order);
    bites(EndingScripts::order, "I6", Habit.STARTS_OUT_OF_TURN);
  }

  @Test
  void one_seed_gives_one_course_of_events() {
    assertThat(Simulation.run(3)).isEqualTo(Simulation.run(3));
  }
}
