package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.JAVA;
import static io.nsm.agent.lifecycle.Given.demoting;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.java;
import static io.nsm.agent.lifecycle.Given.replicas;
import static io.nsm.agent.lifecycle.Given.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.lifecycle.Given;
import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaringTest {
  private static final long NEXT = 2;

  @Test
  void creates_what_is_not_declared_yet() {
    assertThat(Declaring.changes(LedgerState.EMPTY, List.of(hot()), false, 1))
        .containsExactly(change(Change.Action.CREATE, List.of(), 1));
  }

  @Test
  void changes_nothing_where_a_declaration_is_the_same_and_keeps_its_revision() {
    assertThat(changes(hot(), hot())).containsExactly(change(Change.Action.NONE, List.of(), 1));
  }

  @Test
  void changes_in_place_what_does_not_concern_the_runs() {
    assertThat(changes(hot(), replicas(hot(), 3)))
        .containsExactly(change(Change.Action.IN_PLACE, List.of("replicas"), NEXT));
  }

  @Test
  void restarts_what_concerns_the_runs_and_names_each_key() {
    assertThat(changes(hot(), replicas(hot(java("newer.jar")), 3)))
        .containsExactly(change(Change.Action.RESTART, List.of("program", "replicas"), NEXT));
    assertThat(changes(hot(), demoting()))
        .containsExactly(change(Change.Action.RESTART, List.of("activeStandby"), NEXT));
    assertThat(changes(hot(), replicated(JAVA)))
        .containsExactly(change(Change.Action.RESTART, List.of("mode"), NEXT));
  }

  @Test
  void removes_what_is_not_named_only_where_it_is_asked_to() {
    LedgerState state = Ledgers.declared(hot()).state();

    assertThat(Declaring.changes(state, List.of(), false, NEXT)).isEmpty();
    assertThat(Declaring.changes(state, List.of(), true, NEXT))
        .containsExactly(change(Change.Action.REMOVE, List.of(), NEXT));
  }

  private static List<Change> changes(ProcessSpec before, ProcessSpec after) {
    return Declaring.changes(Ledgers.declared(before).state(), List.of(after), false, NEXT);
  }

  private static Change change(Change.Action action, List<String> keys, long revision) {
    return new Change(Given.WORKER.process(), action, keys, revision, List.of());
  }
}
