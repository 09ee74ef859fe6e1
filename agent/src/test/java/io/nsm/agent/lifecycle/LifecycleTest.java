package io.nsm.agent.lifecycle;

import static io.nsm.agent.lifecycle.Course.nanos;
import static io.nsm.agent.lifecycle.Given.COMMAND;
import static io.nsm.agent.lifecycle.Given.JAVA;
import static io.nsm.agent.lifecycle.Given.cold;
import static io.nsm.agent.lifecycle.Given.demoting;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.oneShot;
import static io.nsm.agent.lifecycle.Given.replicated;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.StateWord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How an instance is started, acts, gives way and is stopped, while nothing goes wrong. */
class LifecycleTest {
  private static final Epoch FIRST = new Epoch(1);

  @Test
  void launches_a_hot_instance_as_soon_as_it_is_wanted() {
    Course course = Course.wanted(hot());

    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(1), course.goal(), Optional.empty()));
    assertThat(course.report().state()).isEqualTo(StateWord.STARTING);
    assertThat(course.report().candidate()).isFalse();
  }

  @Test
  void does_nothing_for_an_instance_that_is_not_wanted_to_run() {
    Course course = Course.placed(hot()).stop();

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPED);
  }

  @Test
  void waits_until_what_it_depends_on_is_there_and_says_for_what() {
    Course course = Course.placed(hot()).want(waiting(hot(), "b to be ready"));
    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STARTING);
    assertThat(course.report().reason()).contains("waits for b to be ready");
    assertThat(course.report().run()).isEmpty();

    course.want(waiting(hot(), "c to be ready"));
    assertThat(course.report().reason()).contains("waits for c to be ready");

    course.want(new Goal(hot(), true, 1, 0));
    assertThat(course.orders()).hasSize(1).first().isInstanceOf(Order.Launch.class);
  }

  @Test
  void goes_on_when_what_it_depends_on_ends_and_waits_for_it_after_its_own_end() {
    Course course = Course.ready(hot());
    course.orders();
    course.want(waiting(hot(), "b to be ready"));
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.orders()).isEmpty();

    course.exits(run(1), 1).at(60_000);
    assertThat(course.orders()).isEmpty();
    assertThat(course.report().reason()).contains("waits for b to be ready");

    course.want(new Goal(hot(), true, 1, 0));
    assertThat(course.orders()).hasSize(1).first().isInstanceOf(Order.Launch.class);
  }

  @Test
  void is_no_cold_candidate_while_it_waits() {
    Course course = Course.placed(cold(JAVA)).want(waiting(cold(JAVA), "b to be ready"));
    assertThat(course.report().candidate()).isFalse();

    course.want(new Goal(cold(JAVA), true, 1, 0));
    assertThat(course.report().candidate()).isTrue();

    course.want(waiting(cold(JAVA), "b to be ready"));
    assertThat(course.report().candidate()).isFalse();
  }

  private static Goal waiting(io.nsm.supervisor.model.ProcessSpec spec, String what) {
    return new Goal(spec, true, 1, 0, Optional.of(what));
  }

  @Test
  void stands_by_as_a_candidate_once_its_run_is_ready() {
    Course course = Course.ready(hot());

    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().candidate()).isTrue();
    assertThat(course.report().run()).contains(run(1));
    assertThat(course.report().pid()).contains(4_001L);
  }

  @Test
  void acts_from_its_readiness_on_without_a_grant_where_all_instances_act() {
    Course java = Course.ready(replicated(JAVA));
    Course command = Course.wanted(replicated(COMMAND));
    command.happens(new Event.Launched(run(1), 42));

    assertThat(java.report().state()).isEqualTo(StateWord.READY);
    assertThat(java.report().candidate()).isFalse();
    assertThat(command.report().state()).isEqualTo(StateWord.READY);
  }

  @Test
  void has_a_ready_run_act_in_the_epoch_of_its_grant_with_the_checkpoint_of_the_grant() {
    Course course = Course.ready(hot());
    course.orders();
    CheckpointRef checkpoint =
        new CheckpointRef(Given.WORKER.process(), FIRST, 3, Digest.of(new byte[] {1}), 1);

    course.happens(new Event.MayAct(Given.grant(run(1), 2), nanos(1_000), Optional.of(checkpoint)));

    assertThat(course.orders())
        .containsExactly(
            new Order.Activate(run(1), new Epoch(2), nanos(1_000), Optional.of(checkpoint)));
    assertThat(course.report().state()).isEqualTo(StateWord.ACTIVE);
    assertThat(course.report().acting()).as("it has not said so yet").isEmpty();
    assertThat(course.report().candidate()).isFalse();

    course.happens(new Event.Activated(run(1), new Epoch(2)));
    assertThat(course.report().acting()).contains(new Epoch(2));
  }

  @Test
  void does_not_act_under_a_grant_of_another_run() {
    Course course = Course.ready(hot());
    course.orders();

    course.mayAct(run(7), 1, 1_000);

    assertThat(course.orders()).isEmpty();
  }

  @Test
  void waits_until_its_run_is_ready_before_it_acts() {
    Course course = Course.wanted(cold(JAVA)).mayAct(1, 1_000);
    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(1), course.goal(), Optional.of(FIRST)));

    course.mayAct(1, 1_500);
    assertThat(course.orders()).isEmpty();
    course.launchedAndReady(run(1));

    assertThat(course.orders())
        .containsExactly(new Order.Activate(run(1), FIRST, nanos(1_500), Optional.empty()));
  }

  @Test
  void moves_the_deadline_of_an_acting_run_forward_only() {
    Course course = Course.acting(hot());
    course.orders();

    course.mayAct(1, 900).mayAct(1, 1_000);
    assertThat(course.orders()).isEmpty();

    course.mayAct(1, 1_200);
    assertThat(course.orders()).containsExactly(new Order.Extend(run(1), FIRST, nanos(1_200)));
  }

  @Test
  void gives_way_and_stands_by_for_a_later_epoch_only() {
    Course course = Course.acting(hot());
    course.orders();

    course.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    assertThat(course.orders()).containsExactly(new Order.Deactivate(run(1), FIRST));
    assertThat(course.report().state()).isEqualTo(StateWord.DRAINING);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();

    course.happens(new Event.Deactivated(run(1), FIRST));
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isTrue();
    assertThat(course.told()).contains("yielded");

    course.mayAct(1, 2_000);
    assertThat(course.orders()).isEmpty();
    course.mayAct(2, 2_000);
    assertThat(course.orders())
        .containsExactly(new Order.Activate(run(1), new Epoch(2), nanos(2_000), Optional.empty()));
  }

  @Test
  void does_not_give_way_in_another_epoch_than_its_own() {
    Course course = Course.acting(hot());
    course.orders();

    course.happens(new Event.MustYield(new Epoch(2), "GRANT_GONE"));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.ACTIVE);
  }

  @Test
  void is_not_extended_while_it_gives_way() {
    Course course = Course.acting(hot());
    course.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    course.orders();

    course.mayAct(1, 5_000);

    assertThat(course.orders()).isEmpty();
  }

  @Test
  void kills_a_run_that_does_not_give_way_within_its_stop_timeout() {
    Course course = Course.acting(hot());
    course.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    course.orders();

    course.at(4_999);
    assertThat(course.orders()).isEmpty();
    course.at(5_000);
    assertThat(course.orders()).containsExactly(new Order.Kill(run(1)));

    course.exits(run(1), 137);
    assertThat(course.orders()).as("it is started again at once").hasSize(1);
    assertThat(course.report().exits().get(0).reason()).isEqualTo("EXIT_137");
  }

  @Test
  void stops_a_run_with_its_signal_and_kills_it_once_at_its_timeout() {
    Course course = Course.ready(hot());
    course.orders();

    course.stop();
    assertThat(course.orders()).containsExactly(new Order.Signal(run(1), "INT"));
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPING);

    course.at(5_000).at(6_000);
    assertThat(course.orders()).containsExactly(new Order.Kill(run(1)));

    course.exits(run(1), 137);
    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPED);
    assertThat(course.told()).contains("stopped").doesNotContain("exited");
  }

  @Test
  void has_an_acting_run_give_way_before_it_stops_it() {
    Course course = Course.acting(hot());
    course.orders();

    course.stop();
    assertThat(course.orders()).containsExactly(new Order.Deactivate(run(1), FIRST));
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();
    course.happens(new Event.Deactivated(run(1), FIRST));
    assertThat(course.orders()).containsExactly(new Order.Signal(run(1), "INT"));
    assertThat(course.nothingActsUnder(run(1), 1, 300)).as("although its JVM lives").isTrue();
    course.exits(run(1), 0);

    assertThat(course.report().state()).isEqualTo(StateWord.STOPPED);
    assertThat(course.report().candidate()).isFalse();
  }

  @Test
  void keeps_the_grant_of_a_run_that_is_killed_or_has_not_given_way_until_its_end() {
    Course deaf = Course.acting(hot()).stop().at(5_000);
    Course halted = Course.acting(hot()).at(1_001);

    assertThat(deaf.report().state()).isEqualTo(StateWord.STOPPING);
    assertThat(Course.acting(hot()).stop().nothingActsUnder(run(1), 1, 300)).isFalse();
    assertThat(halted.nothingActsUnder(run(1), 1, 300)).isFalse();
    halted.exits(run(1), 137);
    assertThat(halted.nothingActsUnder(run(1), 1, 300)).isTrue();
  }

  @Test
  void keeps_the_grant_of_a_one_shot_until_its_run_ended() {
    Course course =
        Course.wanted(oneShot(JAVA, Restart.Policy.NEVER))
            .mayAct(1, 1_000)
            .launchedAndReady(run(1));

    course.stop().happens(new Event.Deactivated(run(1), FIRST));
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();

    course.exits(run(1), 0);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isTrue();
  }

  @Test
  void starts_again_at_once_what_is_wanted_again_while_it_is_being_stopped() {
    Course course = Course.ready(hot());
    Goal running = course.goal();
    course.stop();
    course.orders();

    course.want(running);
    course.exits(run(1), 0);

    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(2), running, Optional.empty()));
  }

  @Test
  void ends_its_run_and_launches_another_when_a_restart_is_wished_for() {
    Course course = Course.ready(hot());
    course.orders();
    Goal again = new Goal(hot(), true, 1, 1);

    course.want(again);
    assertThat(course.orders()).containsExactly(new Order.Signal(run(1), "INT"));
    course.exits(run(1), 143);

    assertThat(course.orders()).containsExactly(new Order.Launch(run(2), again, Optional.empty()));
    assertThat(course.report().restarts()).as("nobody wished for those").isZero();
  }

  @Test
  void replaces_its_run_only_when_a_declaration_concerns_the_run_itself() {
    Course course = Course.ready(hot());
    course.orders();

    course.want(new Goal(Given.replicas(hot(), 3), true, 1, 0));
    assertThat(course.orders()).isEmpty();

    course.want(new Goal(hot(Given.java("newer.jar")), true, 1, 0));
    assertThat(course.orders()).containsExactly(new Order.Signal(run(1), "INT"));
  }

  @Test
  void keeps_an_acting_run_when_its_process_is_told_to_run_that_runs() {
    Course course = Course.acting(hot());
    course.orders();

    course.want(new Goal(hot(), true, 2, 0));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.ACTIVE);
  }

  @Test
  void launches_a_cold_instance_only_under_a_grant_of_its_next_run() {
    Course course = Course.wanted(cold(JAVA));
    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().candidate()).isTrue();
    assertThat(course.report().run()).as("reserved").contains(run(1));

    course.mayAct(run(5), 1, 1_000);
    assertThat(course.orders()).isEmpty();

    course.mayAct(run(1), 1, 1_000);
    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(1), course.goal(), Optional.of(FIRST)));
  }

  @Test
  void ends_a_cold_run_that_gave_way_or_has_to_before_it_is_ready() {
    Course acted = Course.wanted(cold(JAVA)).mayAct(1, 1_000).launchedAndReady(run(1));
    acted.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    acted.orders();
    acted.happens(new Event.Deactivated(run(1), FIRST));
    assertThat(acted.orders()).containsExactly(new Order.Signal(run(1), "INT"));
    assertThat(acted.nothingActsUnder(run(1), 1, 300)).isTrue();
    acted.exits(run(1), 0);
    assertThat(acted.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(acted.report().run()).contains(run(2));

    Course starting = Course.wanted(cold(JAVA)).mayAct(1, 1_000);
    starting.orders();
    starting.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    assertThat(starting.orders()).containsExactly(new Order.Signal(run(1), "INT"));
  }

  @Test
  void never_launches_a_command_as_a_standby_as_it_would_act_at_once() {
    Course course = Course.wanted(hot(COMMAND));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().candidate()).isTrue();

    course.mayAct(run(1), 1, 1_000);
    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(1), course.goal(), Optional.of(FIRST)));
  }

  @Test
  void says_of_a_replica_until_its_end_that_it_acts_without_a_grant() {
    Course course = Course.ready(replicated(JAVA));
    assertThat(course.report().actsUngranted()).isTrue();

    course.want(new Goal(hot(), true, 2, 0));
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPING);
    assertThat(course.report().actsUngranted()).isTrue();

    course.exits(run(1), 0);
    assertThat(course.report().actsUngranted()).isFalse();
    assertThat(Course.ready(hot()).report().actsUngranted()).isFalse();
  }

  @Test
  void takes_a_command_for_acting_from_its_launch_on() {
    Course course = Course.wanted(cold(COMMAND)).mayAct(1, 1_000);
    course.orders();

    course.happens(new Event.Launched(run(1), 42));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().acting()).contains(FIRST);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();
  }

  @Test
  void kills_a_command_that_has_to_give_way_as_it_cannot_be_asked() {
    Course course = Course.wanted(cold(COMMAND)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.orders();

    course.happens(new Event.MustYield(FIRST, "HAND_OVER"));
    assertThat(course.orders()).containsExactly(new Order.Kill(run(1)));
    course.exits(run(1), 137);

    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().run()).contains(run(2));
  }

  @Test
  void demotes_a_run_whose_lease_lapsed_and_lets_it_act_again_in_a_later_epoch() {
    Course course = Course.acting(demoting());
    course.orders();

    course.at(1_001);
    assertThat(course.orders()).containsExactly(new Order.Deactivate(run(1), FIRST));
    course.happens(new Event.Deactivated(run(1), FIRST));
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);

    course.mayAct(1, 3_000);
    assertThat(course.orders()).isEmpty();
    course.mayAct(2, 3_000);
    assertThat(course.orders()).hasSize(1);
  }

  @Test
  void halts_a_run_whose_lease_lapsed_where_that_is_declared() {
    Course course = Course.acting(hot());
    course.orders();

    course.at(1_000);
    assertThat(course.orders()).as("at the very end it may still act").isEmpty();
    course.at(1_001);
    assertThat(course.orders()).containsExactly(new Order.Kill(run(1)));

    course.exits(run(1), 137);
    assertThat(course.report().state()).isEqualTo(StateWord.BACKOFF);
    assertThat(course.report().reason()).contains("LEASE_LOST");
  }

  @Test
  void kills_a_command_whose_lease_lapsed_whatever_is_declared() {
    Course course = Course.wanted(cold(COMMAND)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.orders();

    course.at(1_001);

    assertThat(course.orders()).containsExactly(new Order.Kill(run(1)));
  }

  @Test
  void never_extends_a_deadline_that_has_passed() {
    Course course = Course.acting(demoting());
    course.orders();
    Event answer = new Event.MayAct(Given.grant(run(1), 1), nanos(9_000), Optional.empty());

    List<Order> orders = Lifecycle.step(course.instance(), answer, nanos(1_001), run(9)).orders();

    assertThat(orders).containsExactly(new Order.Deactivate(run(1), FIRST));
  }

  @Test
  void gives_up_what_is_neither_answered_nor_killed_a_margin_after_its_last_deadline() {
    Course course = Course.acting(demoting());

    course.at(1_001);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();
    course.at(1_300);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isFalse();
    course.at(1_301);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isTrue();
  }

  @Test
  void says_that_nothing_acts_under_a_grant_of_a_run_that_is_gone_or_was_never_told() {
    Course course = Course.acting(hot());

    assertThat(course.nothingActsUnder(run(9), 1, 300)).as("another run").isTrue();
    assertThat(course.nothingActsUnder(run(1), 1, 300)).as("its own").isFalse();
    course.exits(run(1), 1);
    assertThat(course.nothingActsUnder(run(1), 1, 300)).as("it ended").isTrue();
  }
}
