package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.COMMAND;
import static io.nsm.agent.lifecycle.Given.HOST;
import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.oneShot;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Given;
import io.nsm.agent.lifecycle.Order;
import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.StateWord;
import io.nsm.supervisor.model.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the agent of host a decides, over a leader and a ledger that we move by hand. */
class HostAgentTest {
  private static final long MILLIS = 1_000_000;
  private static final RunId LEFT = new RunId(new Incarnation("a0"), 4);

  private static final ProcessName USER = new ProcessName("user");

  private final List<Message> toLeader = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();
  private final List<Submitted> submitted = new ArrayList<>();
  private final List<Grant.Held> preparing = new ArrayList<>();
  private final List<Epoch> fenced = new ArrayList<>();
  private final List<Grant.Held> fencing = new ArrayList<>();
  private final List<RunId> forgotten = new ArrayList<>();
  private final HostAgent agent = new HostAgent(Ledgers.A, new Ports(), 0);
  private long now;

  private record Submitted(Command command, long ticket) {}

  @Test
  void renews_as_often_as_the_ledger_says() {
    agent.tick(now);
    agent.ledger(Ledgers.empty().copy(), now);
    assertThat(renewals()).hasSize(1);

    at(LeaseTerms.FAST.renew().toMillis() - 1);
    assertThat(renewals()).hasSize(1);
    at(LeaseTerms.FAST.renew().toMillis());
    assertThat(renewals()).hasSize(2);
    assertThat(renewals().get(1).nonce()).isGreaterThan(renewals().get(0).nonce());
  }

  @Test
  void renews_at_once_with_a_new_leader() {
    agent.ledger(Ledgers.empty().copy(), now);
    at(0);
    agent.leaderChanged(now);

    assertThat(renewals()).hasSize(2);
  }

  @Test
  void counts_its_lease_from_when_the_renewal_was_sent() {
    agent.ledger(Ledgers.empty().copy(), now);
    at(100);
    Message.Renewal sent = lastRenewal();
    now = 1_100 * MILLIS;
    agent.receive(answer(sent, 5, List.of()), now);

    assertThat(agent.leased(2_300 * MILLIS)).isTrue();
    assertThat(agent.leased(2_300 * MILLIS + 1)).isFalse();
  }

  @Test
  void takes_no_answer_twice_and_none_to_another_agent() {
    agent.ledger(Ledgers.empty().copy(), now);
    at(100);
    Message.Renewed toOther =
        new Message.Renewed(
            new Incarnation("a0"),
            lastRenewal().nonce(),
            1,
            5,
            LeaseTerms.FAST.ttl(),
            LeaseTerms.FAST.margin(),
            List.of());

    agent.receive(toOther, now);

    assertThat(agent.leased(now)).isFalse();
  }

  @Test
  void waits_with_what_is_wanted_until_its_copy_is_as_new_as_the_leaders_answer() {
    Ledgers ledger = Ledgers.placed(hot());
    agent.ledger(ledger.copy(), now);
    at(0);
    assertThat(orders).isEmpty();

    agent.receive(answer(lastRenewal(), ledger.index() + 1, List.of()), now);
    assertThat(orders).isEmpty();

    ledger.declare(hot());
    agent.ledger(ledger.copy(), now);
    assertThat(orders).hasSize(1).first().isInstanceOf(Order.Launch.class);
  }

  @Test
  void acts_under_a_grant_that_it_is_told_of_once_that_is_prepared() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));

    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);
    assertThat(preparing).containsExactly(grant);
    assertThat(orders).isEmpty();
    agent.prepared(grant, now);

    assertThat(orders)
        .containsExactly(
            new Order.Activate(
                run(1), grant.epoch(), LeaseTerms.FAST.ttl().toNanos(), Optional.empty()));
  }

  @Test
  void acts_under_a_grant_in_the_leaders_list_once_its_copy_knows_the_checkpoint() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    at(300);

    agent.receive(answer(lastRenewal(), ledger.index(), List.of(grant)), now);
    assertThat(preparing).as("its copy is older than the grant").isEmpty();

    agent.ledger(ledger.copy(), now);
    assertThat(preparing).containsExactly(grant);
  }

  @Test
  void starts_from_the_checkpoint_of_the_notice_though_an_answer_comes_before_its_own_copy() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    CheckpointRef saved =
        new CheckpointRef(WORKER.process(), new Epoch(1), 7, Digest.of(new byte[] {1}), 1);
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.of(saved), Optional.empty(), true), now);
    at(300);
    agent.receive(answer(lastRenewal(), ledger.index(), List.of(grant)), now);

    agent.prepared(grant, now);

    assertThat(orders)
        .filteredOn(Order.Activate.class::isInstance)
        .extracting(order -> ((Order.Activate) order).checkpoint())
        .containsExactly(Optional.of(saved));
  }

  @Test
  void does_not_take_up_what_it_gave_up_when_the_run_becomes_ready_before_that_is_heard() {
    Ledgers ledger = Ledgers.placed(hot());
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of());
    agent.happened(WORKER, new Event.Launched(run(1), 42), now);
    Grant.Held grant = ledger.grant(run(1));
    at(300);
    agent.receive(answer(lastRenewal(), ledger.index(), List.of(grant)), now);
    agent.ledger(ledger.copy(), now);
    assertThat(givenUp()).as("it is not ready").containsExactly(grant.epoch());

    agent.happened(WORKER, new Event.Ready(run(1)), now);
    agent.prepared(grant, now);
    at(500);

    assertThat(orders).noneMatch(Order.Activate.class::isInstance);
    assertThat(vacated()).as("it goes on giving it up").contains(grant.epoch());
  }

  @Test
  void does_not_take_up_again_what_it_gave_up_because_of_an_answer_from_before() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    long barrier = ledger.index();
    at(300);
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);
    agent.unprepared(grant, "BYTES_UNREACHABLE", now);
    ledger.apply(
        new Command.Vacate(WORKER.process(), grant.epoch(), grant.run(), "BYTES_UNREACHABLE", 0));
    agent.ledger(ledger.copy(), now);

    agent.receive(answer(lastRenewal(), barrier, List.of(grant)), now);

    assertThat(preparing).containsExactly(grant);
  }

  @Test
  void ignores_a_notice_that_the_leaders_newest_list_does_not_bear_out() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    at(300);
    agent.receive(answer(lastRenewal(), ledger.index() + 5, List.of()), now);

    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);

    assertThat(preparing).isEmpty();
    assertThat(orders).isEmpty();
  }

  @Test
  void does_not_act_under_a_grant_without_a_lease() {
    Ledgers ledger = ready(hot());
    now = 3_000 * MILLIS;
    Grant.Held grant = ledger.grant(run(1));

    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);

    assertThat(preparing).isEmpty();
  }

  @Test
  void moves_the_deadline_of_what_acts_with_every_answer() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);
    at(300);

    agent.receive(answer(lastRenewal(), ledger.index(), List.of(grant)), now);

    assertThat(orders).containsExactly(new Order.Extend(run(1), grant.epoch(), 2_500 * MILLIS));
  }

  @Test
  void has_give_way_what_the_leaders_list_does_not_have_any_more() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);
    at(300);

    agent.receive(answer(lastRenewal(), ledger.index() + 9, List.of()), now);

    assertThat(orders).containsExactly(new Order.Deactivate(run(1), grant.epoch()));
  }

  @Test
  void hands_over_when_that_is_wished_for_and_gives_up_the_grant_when_nothing_acts() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);
    ledger.handOver(grant.epoch());

    agent.ledger(ledger.copy(), now);
    assertThat(orders).containsExactly(new Order.Deactivate(run(1), grant.epoch()));
    assertThat(givenUp()).isEmpty();

    agent.happened(WORKER, new Event.Deactivated(run(1), grant.epoch()), now);
    assertThat(givenUp()).containsExactly(grant.epoch());
  }

  @Test
  void goes_on_counting_how_often_what_it_adopts_was_started_again() {
    Map<String, String> environment = Map.of(HostAgent.RESTARTED_KEY, "3");
    agent.adopt(List.of(new FoundRun(WORKER, LEFT, hot(), environment, Optional.empty())), 0, now);

    assertThat(agent.instances(now).get(0).restarts()).isEqualTo(3);
    assertThat(agent.restarted(WORKER)).isEqualTo(3);
  }

  @Test
  void ends_what_runs_when_it_is_told_to_end_although_no_leader_ever_answered() {
    agent.adopt(List.of(left(hot(), Optional.empty())), 2_200 * MILLIS, now);
    agent.happened(WORKER, new Event.Connected(LEFT, 42, Optional.empty()), now);
    orders.clear();

    agent.drain(now);

    assertThat(orders).containsExactly(new Order.Signal(LEFT, "INT"));
    assertThat(agent.quiet()).isFalse();
    agent.happened(WORKER, exited(LEFT, 0), now);
    assertThat(agent.quiet()).isTrue();
  }

  @Test
  void gives_up_the_grant_of_what_is_stopped_as_soon_as_nothing_acts() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);

    agent.ledger(ledger.want(false).copy(), now);
    assertThat(orders).containsExactly(new Order.Deactivate(run(1), grant.epoch()));
    assertThat(givenUp()).isEmpty();

    agent.happened(WORKER, new Event.Deactivated(run(1), grant.epoch()), now);
    assertThat(givenUp()).as("its JVM still lives").containsExactly(grant.epoch());
    assertThat(toLeader)
        .contains(new Message.GaveUp(WORKER.process(), grant.epoch(), run(1), "OPERATOR", 0));
  }

  @Test
  void gives_up_a_grant_whose_run_ended_and_tells_why_and_how_long_ago_it_began_to() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);

    agent.linkBroke(run(1), now);
    assertThat(givenUp()).as("a broken link is no end").isEmpty();
    now += 3 * MILLIS;
    agent.happened(WORKER, exited(run(1), 1), now);

    assertThat(toLeader)
        .contains(new Message.GaveUp(WORKER.process(), grant.epoch(), run(1), "EXIT_1", 3_000));
  }

  @Test
  void forgets_that_a_link_broke_once_it_is_there_again() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);
    agent.linkBroke(run(1), now);
    agent.happened(WORKER, new Event.Connected(run(1), 42, Optional.of(grant.epoch())), now);

    now += 900 * MILLIS;
    agent.happened(WORKER, exited(run(1), 1), now);

    assertThat(toLeader)
        .contains(new Message.GaveUp(WORKER.process(), grant.epoch(), run(1), "EXIT_1", 0));
  }

  @Test
  void tells_the_ledger_again_and_again_what_the_leader_did_not_carry_out() {
    Ledgers ledger = ready(hot());
    act(ledger);
    agent.happened(WORKER, exited(run(1), 1), now);
    assertThat(givenUp()).hasSize(1);

    at(99);
    assertThat(vacated()).as("the leader has its time").isEmpty();
    at(100);
    at(150);
    assertThat(vacated()).as("one at a time").hasSize(1);
    agent.unanswered(lastDue().ticket(), now);
    at(200);
    assertThat(vacated()).hasSize(2);

    agent.answered(lastDue().ticket(), new Answer.Refused("not current"), now);
    at(300);
    assertThat(vacated()).hasSize(2);
  }

  @Test
  void does_not_tell_the_ledger_what_the_leader_carried_out() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);
    agent.happened(WORKER, exited(run(1), 1), now);
    ledger.apply(new Command.Vacate(WORKER.process(), grant.epoch(), run(1), "EXIT_1", 0));
    agent.ledger(ledger.copy(), now);

    at(200);

    assertThat(vacated()).isEmpty();
  }

  @Test
  void does_not_take_a_process_that_was_never_granted_for_one_that_never_wrote() {
    agent.receive(new Message.Coming(WORKER.process(), Epoch.NONE), now);

    assertThat(fenced).isEmpty();
  }

  @Test
  void fences_under_a_grant_as_the_notice_says() {
    Grant.Held grant = ready(hot()).grant(run(1));

    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), false), now);

    assertThat(preparing).containsExactly(grant);
    assertThat(fencing).isEmpty();
  }

  @Test
  void fences_under_a_grant_that_only_its_copy_names_if_that_knows_of_writes() {
    Ledgers ledger = ready(hot());
    Grant.Held first = ledger.grant(run(1));
    ledger.apply(new Command.Writes(WORKER.process(), first.epoch()));
    ledger.vacate(first);
    Grant.Held second = ledger.grant(run(1));

    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of(second));

    assertThat(fencing).containsExactly(second);
  }

  @Test
  void refuses_older_writes_as_soon_as_a_grant_is_coming() {
    agent.receive(new Message.Coming(WORKER.process(), new Epoch(7)), now);

    assertThat(fenced).containsExactly(new Epoch(7));
  }

  @Test
  void gives_up_a_grant_of_a_run_that_it_does_not_know() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(99));

    agent.ledger(ledger.copy(), now);

    assertThat(givenUp()).containsExactly(grant.epoch());
  }

  @Test
  void gives_up_a_grant_whose_checkpoint_cannot_be_had_and_is_no_candidate_for_a_while() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);

    agent.unprepared(grant, "NO_BYTES", now);

    assertThat(givenUp()).containsExactly(grant.epoch());
    assertThat(orders).isEmpty();
    assertThat(agent.instances(now).get(0).candidate()).isFalse();
    assertThat(agent.instances(5_001 * MILLIS).get(0).candidate()).isTrue();
  }

  @Test
  void does_not_give_up_before_its_latest_deadline_the_grant_of_a_run_lost_from_sight() {
    Ledgers ledger = Ledgers.placed(hot());
    Grant.Held grant = ledger.grant(LEFT);
    long latest = 2_200;
    agent.adopt(List.of(), latest * MILLIS, now);
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of(grant));

    at(latest + LeaseTerms.FAST.margin().toMillis());
    assertThat(givenUp()).isEmpty();
    at(latest + LeaseTerms.FAST.margin().toMillis() + 1);
    assertThat(givenUp()).containsExactly(grant.epoch());
  }

  @Test
  void gives_up_at_once_the_grant_of_a_left_run_that_is_known_to_have_ended() {
    Ledgers ledger = Ledgers.placed(hot());
    Grant.Held grant = ledger.grant(LEFT);
    agent.adopt(List.of(left(hot(), Optional.of(exit(1)))), 2_200 * MILLIS, now);

    agent.ledger(ledger.copy(), now);

    assertThat(givenUp()).containsExactly(grant.epoch());
  }

  @Test
  void tells_the_end_of_a_one_shot_that_ended_while_no_agent_was_there() {
    ProcessSpec spec = oneShot(COMMAND, Restart.Policy.ON_FAILURE);
    Ledgers ledger = Ledgers.placed(spec);
    Grant.Held grant = ledger.grant(LEFT);
    agent.adopt(List.of(left(spec, Optional.of(exit(0)))), 2_200 * MILLIS, now);

    agent.ledger(ledger.copy(), now);

    assertThat(due())
        .containsExactly(
            new Command.Finish(WORKER.process(), grant.epoch(), LEFT, true, "EXIT_0", 77));
  }

  @Test
  void forgets_a_run_that_ended_while_no_agent_was_there_once_no_grant_names_it() {
    Ledgers ledger = Ledgers.placed(hot());
    Grant.Held grant = ledger.grant(LEFT);
    agent.adopt(List.of(left(hot(), Optional.of(exit(1)))), 2_200 * MILLIS, now);
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of(grant));
    assertThat(forgotten).isEmpty();

    ledger.vacate(grant);
    agent.ledger(ledger.copy(), now);

    assertThat(forgotten).containsExactly(LEFT);
  }

  @Test
  void keeps_the_end_of_a_left_run_while_its_copy_of_the_ledger_may_be_old() {
    Ledgers ledger = Ledgers.placed(hot());
    agent.adopt(List.of(left(hot(), Optional.of(exit(1)))), 2_200 * MILLIS, now);

    agent.ledger(ledger.copy(), now);

    assertThat(forgotten).isEmpty();
  }

  @Test
  void does_not_stop_a_left_run_because_of_an_old_copy_of_the_ledger() {
    Ledgers ledger = Ledgers.placed(hot()).want(false);
    agent.adopt(List.of(left(hot(), Optional.empty())), 2_200 * MILLIS, now);
    agent.happened(WORKER, new Event.Connected(LEFT, 42, Optional.of(new Epoch(2))), now);

    agent.ledger(ledger.copy(), now);
    at(0);
    assertThat(orders).isEmpty();

    ledger.want(true);
    Grant.Held grant = ledger.grant(LEFT);
    assertThat(grant.epoch()).isEqualTo(new Epoch(2));
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of(grant));
    assertThat(orders).noneMatch(Order.Signal.class::isInstance);
    assertThat(orders).noneMatch(Order.Deactivate.class::isInstance);
    assertThat(givenUp()).isEmpty();
  }

  @Test
  void goes_on_with_a_left_run_that_acts_under_a_grant_in_the_leaders_list() {
    Ledgers ledger = Ledgers.placed(hot());
    Grant.Held grant = ledger.grant(LEFT);
    agent.adopt(List.of(left(hot(), Optional.empty())), 1_000 * MILLIS, now);
    agent.happened(WORKER, new Event.Connected(LEFT, 42, Optional.of(grant.epoch())), now);

    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of(grant));

    assertThat(orders)
        .contains(new Order.Extend(LEFT, grant.epoch(), LeaseTerms.FAST.ttl().toNanos()))
        .noneMatch(Order.Launch.class::isInstance);
  }

  @Test
  void tells_the_end_of_a_one_shot_until_that_is_answered() {
    Ledgers ledger = Ledgers.placed(oneShot(COMMAND, Restart.Policy.ON_FAILURE));
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of());
    RunId reserved = agent.instances(now).get(0).run().orElseThrow();
    Grant.Held grant = ledger.grant(reserved);
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);
    agent.prepared(grant, now);
    agent.happened(WORKER, new Event.Launched(reserved, 42), now);

    agent.happened(WORKER, exited(reserved, 0), now);
    assertThat(due()).hasSize(1).first().isInstanceOf(Command.Finish.class);
    agent.unanswered(lastDue().ticket(), now);
    at(10);
    assertThat(due()).hasSize(2);
    assertThat(due().get(1)).isEqualTo(due().get(0));

    agent.answered(lastDue().ticket(), new Answer.Done(0), now);
    at(20);
    assertThat(due()).hasSize(2);
  }

  @Test
  void ends_everything_in_order_when_it_drains_and_takes_nothing_on() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = act(ledger);

    agent.drain(now);
    assertThat(orders).containsExactly(new Order.Deactivate(run(1), grant.epoch()));
    agent.happened(WORKER, new Event.Deactivated(run(1), grant.epoch()), now);
    assertThat(orders).contains(new Order.Signal(run(1), "INT"));
    agent.happened(WORKER, exited(run(1), 0), now);
    assertThat(givenUp()).containsExactly(grant.epoch());
    assertThat(agent.drained()).as("its grant is still in the ledger").isFalse();

    ledger.apply(new Command.Vacate(WORKER.process(), grant.epoch(), run(1), "HAND_OVER", 0));
    agent.ledger(ledger.copy(), now);
    assertThat(agent.drained()).isTrue();
    assertThat(agent.instances(now)).noneMatch(report -> report.candidate());
  }

  @Test
  void stops_and_forgets_an_instance_that_is_placed_elsewhere() {
    Ledgers ledger = ready(hot());

    ledger.apply(new Command.Place(WORKER, Optional.of(HOST), Optional.of(Ledgers.B.id())));
    agent.ledger(ledger.copy(), now);
    assertThat(orders).containsExactly(new Order.Signal(run(1), "INT"));
    agent.happened(WORKER, exited(run(1), 0), now);
    at(10);

    assertThat(agent.instances(now)).isEmpty();
  }

  @Test
  void reports_a_change_at_once_and_time_passing_never() {
    Ledgers ledger = Ledgers.placed(hot());
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of());
    long before = reports().size();

    agent.happened(WORKER, new Event.Launched(run(1), 42), now);
    agent.happened(WORKER, new Event.Ready(run(1)), now);
    now += 100 * MILLIS;
    agent.tick(now);

    assertThat(reports().size() - before).isEqualTo(2);
    Message.Report last = reports().get(reports().size() - 1);
    assertThat(last.reports().get(0).state()).isEqualTo(StateWord.STANDBY);
  }

  @Test
  void says_why_it_is_not_admitted_until_it_is() {
    agent.ledger(Ledgers.empty().copy(), now);
    at(0);
    agent.receive(new Message.TurnedAway(new Incarnation("a0"), 1, "another agent"), now);
    assertThat(agent.turnedAway()).isEmpty();
    long nonce = lastRenewal().nonce();
    agent.receive(new Message.TurnedAway(Ledgers.A.incarnation(), nonce, "the name is taken"), now);
    assertThat(agent.turnedAway()).contains("the name is taken");

    at(300);
    agent.receive(answer(lastRenewal(), 5, List.of()), now);
    assertThat(agent.turnedAway()).isEmpty();
  }

  @Test
  void has_what_acts_stop_at_once_when_it_is_superseded_and_heeds_no_late_word_of_that() {
    Ledgers ledger = ready(hot());
    Grant.Held grant = ledger.grant(run(1));
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);
    agent.prepared(grant, now);
    long answered = lastRenewal().nonce();
    at(300);
    long nonce = lastRenewal().nonce();

    agent.receive(
        new Message.TurnedAway(Ledgers.A.incarnation(), answered, "before an answer"), now);
    assertThat(orders).noneMatch(Order.Deactivate.class::isInstance);
    agent.receive(new Message.TurnedAway(Ledgers.A.incarnation(), nonce, "superseded"), now);

    assertThat(orders).contains(new Order.Deactivate(run(1), grant.epoch()));
    assertThat(agent.leased(now)).isFalse();
  }

  /** The worker's run 1 is ready, and the host has its lease from 0 on. */
  @Test
  void starts_nothing_that_waits_before_a_leader_said_that_it_is_its_turn() {
    ProcessSpec waiting = hot().with(List.of(new Dependency(USER, Dependency.Condition.READY)));
    Ledgers ledger = Ledgers.placed(waiting);
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of());
    assertThat(orders).isEmpty();

    Turn turn = new Turn(WORKER.process(), waiting.dependsOn(), Optional.empty(), false);
    agent.receive(new Message.Turns(1, List.of(turn)), now);

    assertThat(orders).hasSize(1).first().isInstanceOf(Order.Launch.class);
  }

  @Test
  void ends_a_run_after_what_depends_on_it_and_is_to_stop_as_well() {
    List<Dependency> on = List.of(new Dependency(WORKER.process(), Dependency.Condition.READY));
    Ledgers ledger = ready(hot());
    ledger.declare(Given.named("user", hot()).with(on));
    agent.receive(new Message.Turns(1, List.of(new Turn(USER, on, Optional.empty(), true))), now);

    ledger.want(USER, false).want(false);
    agent.ledger(ledger.copy(), now);
    assertThat(orders).isEmpty();

    agent.receive(new Message.Turns(1, List.of(new Turn(USER, on, Optional.empty(), false))), now);
    assertThat(orders).containsExactly(new Order.Signal(run(1), hot().stop().signal()));
  }

  private Ledgers ready(ProcessSpec spec) {
    Ledgers ledger = Ledgers.placed(spec);
    agent.ledger(ledger.copy(), now);
    leased(ledger, List.of());
    agent.happened(WORKER, new Event.Launched(run(1), 42), now);
    agent.happened(WORKER, new Event.Ready(run(1)), now);
    orders.clear();
    return ledger;
  }

  /** Run 1 acts. */
  private Grant.Held act(Ledgers ledger) {
    Grant.Held grant = ledger.grant(run(1));
    agent.receive(
        new Message.Notice(grant, Epoch.NONE, Optional.empty(), Optional.empty(), true), now);
    agent.prepared(grant, now);
    agent.happened(WORKER, new Event.Activated(run(1), grant.epoch()), now);
    agent.ledger(ledger.copy(), now);
    orders.clear();
    return grant;
  }

  private void leased(Ledgers ledger, List<Grant.Held> grants) {
    agent.leaderChanged(now);
    agent.receive(answer(lastRenewal(), ledger.index(), grants), now);
  }

  private void at(long millis) {
    now = millis * MILLIS;
    agent.tick(now);
  }

  private static Message.Renewed answer(
      Message.Renewal renewal, long barrier, List<Grant.Held> grants) {
    return new Message.Renewed(
        Ledgers.A.incarnation(),
        renewal.nonce(),
        1,
        barrier,
        LeaseTerms.FAST.ttl(),
        LeaseTerms.FAST.margin(),
        grants);
  }

  private static Event exited(RunId run, int code) {
    return new Event.Exited(run, code, "EXIT_" + code, 77, 0.5);
  }

  private static FoundRun left(ProcessSpec spec, Optional<ExitStatus> ended) {
    return new FoundRun(WORKER, LEFT, spec, Map.of(), ended);
  }

  private static ExitStatus exit(int code) {
    return new ExitStatus(code, Optional.empty(), false);
  }

  private List<Message.Renewal> renewals() {
    return toLeader.stream()
        .filter(Message.Renewal.class::isInstance)
        .map(Message.Renewal.class::cast)
        .toList();
  }

  private Message.Renewal lastRenewal() {
    return renewals().get(renewals().size() - 1);
  }

  private List<Message.Report> reports() {
    return toLeader.stream()
        .filter(Message.Report.class::isInstance)
        .map(Message.Report.class::cast)
        .toList();
  }

  /** What was submitted to be decided; events for people are left out. */
  private List<Command> due() {
    return submitted.stream()
        .map(Submitted::command)
        .filter(command -> !(command instanceof Command.Note))
        .toList();
  }

  private Submitted lastDue() {
    return submitted.stream()
        .filter(one -> !(one.command() instanceof Command.Note))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  /** Of what the leader was told that nothing acts under it. */
  private List<Epoch> givenUp() {
    return toLeader.stream()
        .filter(Message.GaveUp.class::isInstance)
        .map(message -> ((Message.GaveUp) message).epoch())
        .toList();
  }

  private List<Epoch> vacated() {
    return due().stream()
        .filter(Command.Vacate.class::isInstance)
        .map(command -> ((Command.Vacate) command).epoch())
        .toList();
  }

  private final class Ports implements HostAgent.Ports {
    @Override
    public void submit(Command command, long ticket) {
      submitted.add(new Submitted(command, ticket));
    }

    @Override
    public void tellLeader(Message message) {
      toLeader.add(message);
    }

    @Override
    public void perform(InstanceId instance, Order order) {
      orders.add(order);
    }

    @Override
    public void fence(ProcessName process, Epoch over) {
      fenced.add(over);
    }

    @Override
    public void prepare(
        Grant.Held grant,
        boolean writes,
        Optional<Epoch> replaces,
        Optional<CheckpointRef> checkpoint,
        Optional<byte[]> inline) {
      preparing.add(grant);
      if (writes) {
        fencing.add(grant);
      }
    }

    @Override
    public void forget(RunId run) {
      forgotten.add(run);
    }

    @Override
    public long wallMillis() {
      return 77;
    }

    @Override
    public double chance() {
      return 0.5;
    }
  }
}
