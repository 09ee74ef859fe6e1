package io.nsm.supervisor.ledger;

import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.oneShot;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Command.Evidence;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may act (decision 9, rule 1), and whose checkpoint counts (rule 7). */
class GrantRulesTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private final Entries entries = Entries.of(host("a"), host("b"));

  @BeforeEach
  void declare() {
    entries.declare(standby("importer", 2));
  }

  @Test
  void grants_a_vacant_process_in_the_next_epoch() {
    Answer answer = entries.grant("importer/1", id("a"), run("a", 1));

    assertThat(answer).isEqualTo(new Answer.Granted(new Epoch(1)));
    assertThat(entries.process("importer").grant())
        .isEqualTo(
            new Grant.Held(
                instance("importer/1"), id("a"), run("a", 1), new Epoch(1), entries.index()));
    assertThat(entries.state().grantsOf(id("a"))).containsExactly(entries.held("importer"));
  }

  @Test
  void refuses_a_grant_that_names_another_epoch_than_the_current() {
    entries.grant("importer/1", id("a"), run("a", 1));
    entries.vacate("importer");

    Answer stale = entries.apply(grant(Epoch.NONE, new Evidence.Vacant()));

    assertThat(stale).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").holder()).isEmpty();
  }

  @Test
  void takes_a_grant_that_is_repeated_for_another_one_and_refuses_it() {
    Command grant = grant(Epoch.NONE, new Evidence.Vacant());

    entries.apply(grant);
    Answer repeated = entries.apply(grant);

    assertThat(repeated).isInstanceOf(Answer.Refused.class);
    assertThat(entries.state().lastEpoch()).isEqualTo(new Epoch(1));
  }

  @Test
  void does_not_believe_that_a_held_grant_is_vacant() {
    entries.grant("importer/1", id("a"), run("a", 1));

    Answer answer = entries.apply(grant(new Epoch(1), new Evidence.Vacant()));

    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(entries.held("importer").run()).isEqualTo(run("a", 1));
  }

  @Test
  void replaces_an_expired_grant_only_in_the_term_whose_leader_saw_it_expire() {
    entries.grant("importer/1", id("a"), run("a", 1));
    Command expired = grant(new Epoch(1), new Evidence.Expired(1));

    entries.inTerm(2);
    Answer late = entries.apply(expired);
    entries.inTerm(1);
    Answer timely = entries.apply(expired);

    assertThat(late).isInstanceOf(Answer.Refused.class);
    assertThat(timely).isEqualTo(new Answer.Granted(new Epoch(2)));
    assertThat(entries.held("importer").host()).isEqualTo(id("b"));
  }

  @Test
  void replaces_a_grant_that_exactly_its_holder_gave_up_in_any_term() {
    entries.grant("importer/1", id("a"), run("a", 1));

    Answer other =
        entries.apply(grant(new Epoch(1), new Evidence.GivenUp(run("a", 2), "EXIT_1", 0)));
    entries.inTerm(2);
    Command given = grant(new Epoch(1), new Evidence.GivenUp(run("a", 1), "EXIT_1", 0));
    Answer first = entries.apply(given);
    Answer again = entries.apply(given);

    assertThat(other).isInstanceOf(Answer.Refused.class);
    assertThat(first).isEqualTo(new Answer.Granted(new Epoch(2)));
    assertThat(again).as("what it replaces is no longer there").isInstanceOf(Answer.Refused.class);
  }

  @Test
  void replaces_a_given_up_grant_that_was_vacated_meanwhile() {
    entries.grant("importer/1", id("a"), run("a", 1));
    entries.vacate("importer");

    Answer answer =
        entries.apply(grant(new Epoch(1), new Evidence.GivenUp(run("a", 1), "EXIT_1", 0)));

    assertThat(answer).isEqualTo(new Answer.Granted(new Epoch(2)));
  }

  @Test
  void does_not_take_a_vacant_grant_for_an_expired_one() {
    Answer answer = entries.apply(grant(Epoch.NONE, new Evidence.Expired(1)));

    assertThat(answer).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void grants_nothing_that_is_stopped_or_finished() {
    entries.want("importer", false);
    entries.declare(oneShot("report"));
    entries.want("report", true);
    entries.grant("report/1", id("a"), run("a", 1));
    entries.apply(finish("report", run("a", 1)));

    assertThat(entries.grant("importer/1", id("a"), run("a", 2)))
        .isInstanceOf(Answer.Refused.class);
    assertThat(entries.grant("report/1", id("a"), run("a", 3))).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void never_uses_an_epoch_twice_even_for_a_process_that_is_deleted_and_declared_again() {
    entries.grant("importer/1", id("a"), run("a", 1));
    entries.vacate("importer");
    entries.want("importer", false);
    entries.keepOnly();

    entries.declare(standby("importer", 2));
    Answer granted = entries.grant("importer/1", id("b"), run("b", 1));

    assertThat(granted).isEqualTo(new Answer.Granted(new Epoch(2)));
  }

  @Test
  void counts_epochs_over_all_processes() {
    entries.declare(standby("importer", 2), standby("transformer", 2));

    entries.grant("importer/1", id("a"), run("a", 1));
    Answer second = entries.grant("transformer/1", id("a"), run("a", 2));

    assertThat(second).isEqualTo(new Answer.Granted(new Epoch(2)));
  }

  @Test
  void gives_up_exactly_the_grant_of_one_run_in_one_epoch() {
    entries.grant("importer/1", id("a"), run("a", 1));

    Answer otherRun = entries.apply(vacate(new Epoch(1), 2));
    Answer otherEpoch = entries.apply(vacate(new Epoch(2), 1));
    Answer exact = entries.apply(vacate(new Epoch(1), 1));
    Answer repeated = entries.apply(vacate(new Epoch(1), 1));

    assertThat(otherRun).isInstanceOf(Answer.Refused.class);
    assertThat(otherEpoch).isInstanceOf(Answer.Refused.class);
    assertThat(exact.effective()).isTrue();
    assertThat(repeated.effective()).isTrue();
    assertThat(entries.process("importer").grant())
        .isEqualTo(new Grant.Vacant(new Epoch(1), "EXIT_1"));
  }

  @Test
  void does_not_let_a_late_report_of_one_epoch_end_the_next() {
    entries.grant("importer/1", id("a"), run("a", 1));
    entries.vacate("importer");
    entries.grant("importer/2", id("b"), run("b", 1));

    Answer late = entries.apply(vacate(new Epoch(1), 1));

    assertThat(late).isInstanceOf(Answer.Refused.class);
    assertThat(entries.held("importer").host()).isEqualTo(id("b"));
  }

  @Test
  void ends_an_expired_grant_without_successor_only_in_the_term_of_the_leader_that_says_so() {
    entries.grant("importer/1", id("a"), run("a", 1));
    Command expire = new Command.Expire(IMPORTER, new Epoch(1), 1);

    entries.inTerm(2);
    assertThat(entries.apply(expire)).isInstanceOf(Answer.Refused.class);
    entries.inTerm(1);
    assertThat(entries.apply(expire).effective()).isTrue();
    assertThat(entries.apply(expire)).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").grant())
        .isEqualTo(new Grant.Vacant(new Epoch(1), "HOST_LOST"));
  }

  @Test
  void records_how_a_one_shot_ended_and_frees_its_grant() {
    entries.declare(oneShot("report"));
    entries.want("report", true);
    entries.grant("report/1", id("a"), run("a", 1));

    Command finish = finish("report", run("a", 1));
    Answer first = entries.apply(finish);
    Answer repeated = entries.apply(finish);

    assertThat(first.effective()).isTrue();
    assertThat(repeated.effective()).isTrue();
    assertThat(entries.process("report").holder()).isEmpty();
    assertThat(entries.process("report").outcome())
        .contains(new LedgerState.Outcome(true, "EXIT_0", 1, 9));
  }

  @Test
  void records_the_end_of_a_one_shot_also_when_its_grant_was_given_up_before() {
    entries.declare(oneShot("report"));
    entries.want("report", true);
    entries.grant("report/1", id("a"), run("a", 1));
    Command finish = finish("report", run("a", 1));
    entries.vacate("report");

    Answer late = entries.apply(finish);

    assertThat(late.effective()).isTrue();
    assertThat(entries.process("report").finished()).isTrue();
  }

  @Test
  void keeps_a_wish_to_hand_over_until_the_next_grant() {
    entries.grant("importer/1", id("a"), run("a", 1));

    Answer wished = entries.handOver("importer", Optional.of(id("b")));
    entries.vacate("importer");
    Optional<LedgerState.Wish> whileVacant = entries.process("importer").handOver();
    entries.grant("importer/2", id("b"), run("b", 1));

    assertThat(wished.effective()).isTrue();
    assertThat(whileVacant)
        .contains(
            new LedgerState.Wish(
                new Epoch(1), instance("importer/1"), Optional.of(id("b")), "switchover"));
    assertThat(entries.process("importer").handOver()).isEmpty();
  }

  @Test
  void asks_a_holder_to_hand_over_once_per_request_and_only_while_it_holds() {
    entries.grant("importer/1", id("a"), run("a", 1));
    Command handOver =
        new Command.HandOver("r1", IMPORTER, new Epoch(1), Optional.empty(), "switchover");
    entries.apply(handOver);
    entries.vacate("importer");
    entries.grant("importer/2", id("b"), run("b", 1));

    Answer repeated = entries.apply(handOver);
    Answer late =
        entries.apply(
            new Command.HandOver("r2", IMPORTER, new Epoch(1), Optional.empty(), "switchover"));

    assertThat(repeated.effective()).isTrue();
    assertThat(late).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").handOver()).isEmpty();
  }

  private static Command grant(Epoch replaces, Evidence evidence) {
    return new Command.Grant(
        IMPORTER, replaces, evidence, instance("importer/2"), id("b"), run("b", 1));
  }

  private static Command vacate(Epoch epoch, long run) {
    return new Command.Vacate(IMPORTER, epoch, run("a", run), "EXIT_1", 0);
  }

  private Command finish(String process, RunId run) {
    return new Command.Finish(
        new ProcessName(process), entries.held(process).epoch(), run, true, "EXIT_0", 9);
  }
}
