package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.lifecycle.Given;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.Turn;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an agent does with what its leader tells of the order of processes. */
class TurnsTest {
  private static final ProcessName OTHER = new ProcessName("other");
  private static final ProcessName USER = new ProcessName("user");
  private static final List<Dependency> ON = List.of(new Dependency(OTHER, Condition.READY));
  private static final long SECOND = 1_000_000_000L;

  /** {@code user} depends on {@code other}. */
  private static ProcessSpec user() {
    return Given.named("user", Given.replicated(Given.JAVA)).with(ON);
  }

  private static Turns told(Optional<String> waitsFor, boolean living) {
    Turns turns = new Turns();
    turns.hear(List.of(new Turn(USER, ON, waitsFor, living)));
    return turns;
  }

  private static LedgerState both(boolean otherRuns, boolean userRuns) {
    return Ledgers.declared(Given.named("other", Given.replicated(Given.JAVA)), user())
        .want(OTHER, otherRuns)
        .want(USER, userRuns)
        .copy()
        .state();
  }

  private static Optional<ProcessName> stays(Turns turns, LedgerState state, long now) {
    return turns.staysFor(state, state.process(OTHER).orElseThrow(), Set.of(), false, now);
  }

  @Test
  void starts_at_once_what_depends_on_nothing() {
    assertThat(new Turns().waitsFor(Given.hot())).isEmpty();
  }

  @Test
  void holds_back_what_it_was_told_nothing_of() {
    assertThat(new Turns().waitsFor(user()))
        .contains("other to be ready, of which no leader told yet");
  }

  @Test
  void holds_back_what_waits_and_starts_what_does_not() {
    assertThat(told(Optional.of("other to be ready"), false).waitsFor(user()))
        .contains("other to be ready");
    assertThat(told(Optional.empty(), false).waitsFor(user())).isEmpty();
  }

  @Test
  void takes_no_word_about_other_dependencies_for_one_about_these() {
    ProcessSpec changed = user().with(List.of(new Dependency(OTHER, Condition.STARTED)));

    assertThat(told(Optional.empty(), false).waitsFor(changed)).isPresent();
  }

  @Test
  void stays_for_a_dependent_that_is_to_stop_and_still_runs() {
    LedgerState stopping = both(false, false);

    assertThat(stays(told(Optional.empty(), true), stopping, 0)).contains(USER);
    assertThat(stays(told(Optional.empty(), false), stopping, 0)).isEmpty();
    assertThat(stays(new Turns(), stopping, 0)).as("nothing is known").isEmpty();
  }

  @Test
  void does_not_stay_for_a_dependent_that_is_to_go_on() {
    assertThat(stays(told(Optional.empty(), true), both(false, true), 0)).isEmpty();
  }

  @Test
  void stays_for_the_time_of_the_dependents_stop_and_some_more_and_no_longer() {
    Turns turns = told(Optional.empty(), true);
    LedgerState stopping = both(false, false);
    assertThat(stays(turns, stopping, 0)).isPresent();

    assertThat(stays(turns, stopping, 15 * SECOND - 1)).isPresent();
    assertThat(stays(turns, stopping, 15 * SECOND)).isEmpty();
    assertThat(stays(turns, stopping, 16 * SECOND)).as("nor begins anew").isEmpty();

    turns.wanted(OTHER);
    assertThat(stays(turns, stopping, 100 * SECOND)).isPresent();
  }

  @Test
  void stays_on_a_host_that_ends_for_the_dependents_there() {
    LedgerState running = both(true, true);
    LedgerState.Process other = running.process(OTHER).orElseThrow();

    assertThat(new Turns().staysFor(running, other, Set.of(USER), true, 0)).contains(USER);
    assertThat(new Turns().staysFor(running, other, Set.of(), true, 0)).isEmpty();
  }
}
