package io.nsm.supervisor.reconcile;

import static io.nsm.supervisor.model.Given.acting;
import static io.nsm.supervisor.model.Given.endingReplica;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.oneShot;
import static io.nsm.supervisor.model.Given.preferring;
import static io.nsm.supervisor.model.Given.ready;
import static io.nsm.supervisor.model.Given.replicated;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Command.Evidence;
import io.nsm.supervisor.ledger.Entries;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who acts: {@code importer/1} lives on a, {@code importer/2} on b, {@code importer/3} on c. */
class PromotionTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final RunId RUN_A = run("a", 1);
  private static final RunId RUN_B = run("b", 1);
  private static final RunId RUN_C = run("c", 1);
  private static final InstanceReport READY_A = ready("importer/1", RUN_A);
  private static final InstanceReport READY_B = ready("importer/2", RUN_B);
  private static final InstanceReport READY_C = ready("importer/3", RUN_C);

  private static Entries declared(ProcessSpec importer) {
    Entries entries = Entries.of(host("a"), host("b"), host("c"));
    entries.declare(importer);
    entries.place("importer/1", id("a"));
    entries.place("importer/2", id("b"));
    entries.place("importer/3", id("c"));
    return entries;
  }

  private static Entries heldByA(ProcessSpec importer) {
    Entries entries = declared(importer);
    entries.grant("importer/1", id("a"), RUN_A);
    return entries;
  }

  private static Watched aActs() {
    return new Watched().here("a", acting("importer/1", RUN_A, new Epoch(1)));
  }

  @Test
  void grants_what_is_vacant_to_the_first_instance_that_is_ready() {
    Entries entries = declared(standby("importer", 3));

    List<Command> decided =
        new Watched().here("a").here("b", READY_B).here("c", READY_C).decide(entries.state());

    assertThat(decided).containsExactly(toB(Epoch.NONE, new Evidence.Vacant()));
  }

  @Test
  void grants_nothing_while_a_replica_of_an_earlier_declaration_has_not_ended() {
    Entries entries = declared(standby("importer", 3));
    Watched all = new Watched().here("a").here("b", READY_B);

    assertThat(all.here("c", endingReplica("importer/3", RUN_C)).decide(entries.state())).isEmpty();
    assertThat(all.here("c").decide(entries.state()))
        .containsExactly(toB(Epoch.NONE, new Evidence.Vacant()));
  }

  @Test
  void grants_nothing_while_nobody_is_ready() {
    Entries entries = declared(standby("importer", 3));

    assertThat(new Watched().here("a").here("b").here("c").decide(entries.state())).isEmpty();
  }

  @Test
  void does_not_choose_a_run_on_a_host_that_was_not_answered_not_long_ago() {
    Entries entries = declared(standby("importer", 3));

    List<Command> decided =
        new Watched().silent("a", READY_A).here("b", READY_B).here("c").decide(entries.state());

    assertThat(decided).containsExactly(toB(Epoch.NONE, new Evidence.Vacant()));
  }

  @Test
  void does_not_choose_an_instance_on_a_host_where_it_is_not_placed() {
    Entries entries = declared(standby("importer", 3));

    List<Command> decided =
        new Watched().here("a", READY_B).here("b").here("c").decide(entries.state());

    assertThat(decided).isEmpty();
  }

  @Test
  void leaves_a_holder_alone_that_may_still_act() {
    Entries entries = heldByA(standby("importer", 3));

    List<Command> decided =
        new Watched().silent("a").here("b", READY_B).here("c", READY_C).decide(entries.state());

    assertThat(decided).isEmpty();
  }

  @Test
  void replaces_in_one_entry_a_holder_whose_own_agent_gave_its_grant_up() {
    Entries entries = heldByA(standby("importer", 3));

    List<Command> decided =
        new Watched()
            .here("a")
            .here("b", READY_B)
            .here("c", READY_C)
            .givenUp("importer", new Epoch(1), RUN_A)
            .decide(entries.state());

    assertThat(decided)
        .containsExactly(toB(new Epoch(1), new Evidence.GivenUp(RUN_A, "SIGNAL_9", 10)));
  }

  @Test
  void vacates_what_was_given_up_where_nobody_can_follow() {
    Entries entries = heldByA(standby("importer", 3));

    List<Command> decided =
        new Watched()
            .here("a")
            .here("b")
            .here("c")
            .givenUp("importer", new Epoch(1), RUN_A)
            .decide(entries.state());

    assertThat(decided)
        .containsExactly(new Command.Vacate(IMPORTER, new Epoch(1), RUN_A, "SIGNAL_9", 10));
  }

  @Test
  void does_not_take_what_was_said_of_another_run_or_epoch_for_the_holders_word() {
    Entries entries = heldByA(standby("importer", 3));

    assertThat(
            aActs()
                .here("b", READY_B)
                .givenUp("importer", new Epoch(1), RUN_B)
                .decide(entries.state()))
        .isEmpty();
    assertThat(
            aActs()
                .here("b", READY_B)
                .givenUp("importer", new Epoch(2), RUN_A)
                .decide(entries.state()))
        .isEmpty();
  }

  @Test
  void replaces_a_holder_whose_host_cannot_act_any_more_in_this_leaders_term() {
    Entries entries = heldByA(standby("importer", 3));

    List<Command> decided =
        new Watched().gone("a", READY_A).here("b", READY_B).here("c").decide(entries.state());

    assertThat(decided).containsExactly(toB(new Epoch(1), new Evidence.Expired(1)));
  }

  @Test
  void ends_the_grant_of_a_host_that_is_gone_when_there_is_no_successor() {
    Entries entries = heldByA(standby("importer", 3));

    List<Command> decided = new Watched().gone("a").here("b").here("c").decide(entries.state());

    assertThat(decided).containsExactly(new Command.Expire(IMPORTER, new Epoch(1), 1));
  }

  @Test
  void ends_the_grant_of_a_host_that_is_gone_also_when_the_process_is_stopped() {
    Entries entries = heldByA(standby("importer", 3));
    entries.want("importer", false);

    List<Command> decided =
        new Watched().gone("a").here("b", READY_B).here("c").decide(entries.state());

    assertThat(decided).containsExactly(new Command.Expire(IMPORTER, new Epoch(1), 1));
  }

  @Test
  void grants_nothing_that_is_stopped_replicated_or_finished() {
    Entries entries = Entries.of(host("a"));
    entries.declare(standby("importer", 1), replicated("server", 1), oneShot("report"));
    entries.place("importer/1", id("a"));
    entries.place("server/1", id("a"));
    entries.place("report/1", id("a"));
    entries.want("importer", false);
    entries.want("report", true);
    entries.grant("report/1", id("a"), run("a", 3));
    entries.apply(
        new Command.Finish(
            new ProcessName("report"),
            entries.held("report").epoch(),
            run("a", 3),
            true,
            "EXIT_0",
            0));

    List<Command> decided =
        new Watched()
            .here("a", READY_A, ready("server/1", run("a", 2)), ready("report/1", run("a", 4)))
            .decide(entries.state());

    assertThat(decided).isEmpty();
  }

  @Test
  void ends_the_grant_of_a_host_that_is_gone_also_when_the_process_became_replicated() {
    Entries entries = heldByA(standby("importer", 3));
    entries.declare(replicated("importer", 3));

    List<Command> decided = new Watched().gone("a").here("b").here("c").decide(entries.state());

    assertThat(decided).contains(new Command.Expire(IMPORTER, new Epoch(1), 1));
  }

  @Test
  void chooses_by_preference() {
    Entries entries = declared(preferring(standby("importer", 3), Failback.NEVER, "c", "b"));

    List<Command> decided =
        new Watched()
            .here("a", READY_A)
            .here("b", READY_B)
            .here("c", READY_C)
            .decide(entries.state());

    assertThat(decided).containsExactly(toC(Epoch.NONE));
  }

  @Test
  void goes_back_to_a_preferred_host_only_where_failback_says_so() {
    Watched seen = aActs().here("b", READY_B).here("c", READY_C);
    Entries never = heldByA(preferring(standby("importer", 3), Failback.NEVER, "c"));
    Entries back = heldByA(preferring(standby("importer", 3), Failback.PREFERRED, "c"));

    assertThat(seen.decide(never.state())).isEmpty();
    assertThat(seen.decide(back.state()))
        .containsExactly(handOver(Optional.of("c"), "failback: preferred"));
  }

  @Test
  void does_not_go_back_to_an_instance_that_failed_to_act_not_long_ago() {
    Entries entries = heldByA(preferring(standby("importer", 3), Failback.PREFERRED, "c"));

    assertThat(
            aActs()
                .here("b", READY_B)
                .here("c", READY_C)
                .shunned("importer/3")
                .decide(entries.state()))
        .isEmpty();
  }

  @Test
  void does_not_leave_a_host_that_is_preferred_already() {
    Entries entries = heldByA(preferring(standby("importer", 3), Failback.PREFERRED, "a", "c"));

    assertThat(aActs().here("b", READY_B).here("c", READY_C).decide(entries.state())).isEmpty();
  }

  @Test
  void asks_a_holder_that_does_not_act_in_time_to_hand_over_if_there_is_another() {
    Entries entries = heldByA(standby("importer", 3));

    assertThat(
            new Watched()
                .here("a")
                .here("b", READY_B)
                .here("c")
                .overdue("importer")
                .decide(entries.state()))
        .containsExactly(handOver(Optional.empty(), "it did not act within activationTimeout"));
    assertThat(
            new Watched().here("a").here("b").here("c").overdue("importer").decide(entries.state()))
        .isEmpty();
  }

  @Test
  void asks_for_one_hand_over_at_a_time() {
    Entries entries = heldByA(preferring(standby("importer", 3), Failback.PREFERRED, "c"));
    entries.handOver("importer", Optional.of(id("b")));

    assertThat(
            new Watched()
                .here("a")
                .here("b", READY_B)
                .here("c", READY_C)
                .overdue("importer")
                .decide(entries.state()))
        .isEmpty();
  }

  @Test
  void hands_over_to_the_host_that_was_wished_for() {
    Entries entries = heldByA(standby("importer", 3));
    entries.handOver("importer", Optional.of(id("c")));
    entries.vacate("importer");

    assertThat(
            new Watched()
                .here("a", READY_A)
                .here("b", READY_B)
                .here("c", READY_C)
                .decide(entries.state()))
        .containsExactly(toC(new Epoch(1)));
  }

  @Test
  void hands_over_to_anybody_but_the_one_that_left_where_no_host_was_wished_for() {
    Entries entries = heldByA(preferring(standby("importer", 3), Failback.NEVER, "a"));
    entries.handOver("importer", Optional.empty());
    entries.vacate("importer");
    Watched others = new Watched().here("a", READY_A).here("b", READY_B).here("c");
    Watched alone = new Watched().here("a", READY_A).here("b").here("c");

    assertThat(others.decide(entries.state()))
        .containsExactly(toB(new Epoch(1), new Evidence.Vacant()));
    assertThat(alone.decide(entries.state()))
        .containsExactly(
            new Command.Grant(
                IMPORTER,
                new Epoch(1),
                new Evidence.Vacant(),
                instance("importer/1"),
                id("a"),
                RUN_A));
  }

  @Test
  void chooses_one_that_failed_to_act_not_long_ago_only_if_there_is_no_other() {
    Entries entries = declared(standby("importer", 3));

    assertThat(
            new Watched()
                .here("a")
                .here("b", READY_B)
                .here("c", READY_C)
                .shunned("importer/2")
                .decide(entries.state()))
        .containsExactly(toC(Epoch.NONE));
    assertThat(
            new Watched()
                .here("a")
                .here("b", READY_B)
                .here("c")
                .shunned("importer/2")
                .decide(entries.state()))
        .containsExactly(toB(Epoch.NONE, new Evidence.Vacant()));
  }

  private static Command toB(Epoch replaces, Evidence evidence) {
    return new Command.Grant(IMPORTER, replaces, evidence, instance("importer/2"), id("b"), RUN_B);
  }

  private static Command toC(Epoch replaces) {
    return new Command.Grant(
        IMPORTER, replaces, new Evidence.Vacant(), instance("importer/3"), id("c"), RUN_C);
  }

  private static Command handOver(Optional<String> to, String why) {
    return new Command.HandOver(
        "leader-importer-1", IMPORTER, new Epoch(1), to.map(host -> id(host)), why);
  }
}
