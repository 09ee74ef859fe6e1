package io.nsm.agent.lifecycle;

import static io.nsm.agent.lifecycle.Course.nanos;
import static io.nsm.agent.lifecycle.Given.COMMAND;
import static io.nsm.agent.lifecycle.Given.JAVA;
import static io.nsm.agent.lifecycle.Given.cold;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.oneShot;
import static io.nsm.agent.lifecycle.Given.replicated;
import static io.nsm.agent.lifecycle.Given.restart;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.StateWord;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows when a run ends that nobody wished to end, and when an agent finds runs. */
class EndingsTest {
  private static final Epoch FIRST = new Epoch(1);
  private static final RunId FOUND = new RunId(new Incarnation("a0"), 4);

  @Test
  void waits_and_launches_another_run_when_one_crashed() {
    Course course = Course.ready(hot());
    course.orders();

    course.exits(run(1), 1);
    assertThat(course.report().state()).isEqualTo(StateWord.BACKOFF);
    assertThat(course.report().nextStartMillis()).contains(1_000L);
    assertThat(course.report().candidate()).isFalse();

    course.at(999);
    assertThat(course.orders()).isEmpty();
    course.at(1_000);
    assertThat(course.orders())
        .containsExactly(new Order.Launch(run(2), course.goal(), Optional.empty()));
    assertThat(course.report().restarts()).isEqualTo(1);
  }

  @Test
  void is_not_stopped_by_a_late_exit_of_an_earlier_run() {
    Course course = Course.ready(hot());
    course.exits(run(1), 1).at(1_000).launchedAndReady(run(2));
    course.orders();

    course.exits(run(1), 1);
    course.happens(new Event.LaunchFailed(run(1), "late"));
    course.happens(new Event.Deactivated(run(1), FIRST));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().run()).contains(run(2));
  }

  @Test
  void does_not_let_a_later_run_act_under_the_grant_of_an_earlier_one() {
    Course course = Course.acting(hot());
    course.exits(run(1), 1).at(1_000).launchedAndReady(run(2));
    course.orders();

    course.mayAct(run(1), 1, 9_000);

    assertThat(course.orders()).isEmpty();
  }

  @Test
  void tells_the_reasons_of_its_last_ends_the_newest_first() {
    Course course = Course.ready(hot());
    for (int i = 1; i <= Instance.MAX_EXITS + 2; i++) {
      course.exits(run(i), i).at(100_000L * i).launchedAndReady(run(i + 1));
    }

    assertThat(course.report().exits().stream().map(InstanceReport.Exit::reason))
        .containsExactly("EXIT_7", "EXIT_6", "EXIT_5", "EXIT_4", "EXIT_3");
  }

  @Test
  void tells_why_a_run_said_it_ended_rather_than_its_code() {
    Course course = Course.ready(hot());
    course.happens(new Event.SaidWhy(run(1), "CALLBACK_FAILED: activate"));
    course.exits(run(1), 1);

    assertThat(course.report().reason()).contains("CALLBACK_FAILED: activate");
  }

  @Test
  void tells_that_a_run_ended_itself_at_its_leases_end() {
    Course course = Course.acting(hot());

    course.exits(run(1), Lifecycle.EXIT_LEASE_LOST);

    assertThat(course.report().reason()).contains("LEASE_LOST");
  }

  @Test
  void does_not_launch_again_after_an_exit_code_that_says_so() {
    Course course = Course.ready(hot());
    course.orders();

    course.exits(run(1), 78).at(1_000_000);

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.FAILED);
    assertThat(course.told()).contains("failed");
    assertThat(course.lastTold()).contains("noRestart").contains("nsmctl start worker");
  }

  @Test
  void tries_anew_what_has_failed_when_an_operator_starts_it() {
    Course course = Course.ready(hot());
    course.exits(run(1), 78);
    course.orders();

    course.want(new Goal(hot(), true, 2, 0));

    assertThat(course.orders()).hasSize(1).first().isInstanceOf(Order.Launch.class);
  }

  @Test
  void forgets_what_failed_before_when_an_operator_starts_it() {
    Course course = Course.ready(hot());
    course.exits(run(1), 1).at(1_000).launchedAndReady(run(2)).exits(run(2), 1);
    assertThat(course.report().nextStartMillis()).contains(2_000L);

    course.want(new Goal(hot(), true, 2, 0)).launchedAndReady(run(3)).exits(run(3), 1);

    assertThat(course.report().nextStartMillis()).contains(1_000L);
  }

  @Test
  void does_not_launch_what_was_stopped_while_it_waited() {
    Course course = Course.ready(hot());
    course.exits(run(1), 1);
    course.orders();

    course.stop().at(60_000);

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPED);
  }

  @Test
  void fails_for_good_over_its_limit_where_that_is_declared() {
    Course course = Course.ready(hot(restart(Restart.Policy.ALWAYS, Limit.Then.FAIL)));
    for (int i = 1; i <= 3; i++) {
      course.exits(run(i), 1).at(100_000L * i).launchedAndReady(run(i + 1));
    }
    course.orders();

    course.exits(run(4), 1).at(1_000_000);

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.FAILED);
  }

  @Test
  void waits_after_a_run_that_could_not_be_launched() {
    Course course = Course.wanted(hot());
    course.orders();

    course.happens(new Event.LaunchFailed(run(1), "JAR_MISSING: app.jar"));
    assertThat(course.report().state()).isEqualTo(StateWord.BACKOFF);
    assertThat(course.report().reason()).contains("JAR_MISSING: app.jar");

    course.at(1_000);
    assertThat(course.orders()).hasSize(1);
  }

  @Test
  void reserves_another_run_when_the_one_it_was_granted_for_ended() {
    Course course = Course.wanted(cold(JAVA)).mayAct(1, 1_000).launchedAndReady(run(1));

    course.exits(run(1), 1).at(1_000);

    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().run()).contains(run(2));
    assertThat(course.nothingActsUnder(run(1), 1, 300)).isTrue();
  }

  @Test
  void completes_a_one_shot_whose_run_succeeded() {
    Course course = Course.wanted(oneShot(COMMAND, Restart.Policy.ON_FAILURE)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.orders();

    course.exits(run(1), 0);

    assertThat(course.orders()).containsExactly(new Order.Finish(run(1), FIRST, true, "EXIT_0"));
    assertThat(course.report().state()).isEqualTo(StateWord.COMPLETED);
    assertThat(course.report().candidate()).isFalse();
  }

  @Test
  void completes_a_one_shot_whose_run_said_so_whatever_its_exit_code() {
    Course course = Course.wanted(oneShot(JAVA, Restart.Policy.ON_FAILURE)).mayAct(1, 1_000);
    course.launchedAndReady(run(1));
    course.orders();

    course.happens(new Event.Completed(run(1)));
    course.happens(new Event.Deactivated(run(1), FIRST));
    course.exits(run(1), 1);

    assertThat(course.orders()).containsExactly(new Order.Finish(run(1), FIRST, true, "EXIT_1"));
    assertThat(course.report().state()).isEqualTo(StateWord.COMPLETED);
  }

  @Test
  void tries_a_one_shot_again_that_failed_where_that_is_declared() {
    Course course = Course.wanted(oneShot(COMMAND, Restart.Policy.ON_FAILURE)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.orders();

    course.exits(run(1), 1).at(1_000);

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().run()).contains(run(2));
  }

  @Test
  void fails_a_one_shot_that_is_not_to_be_tried_again() {
    Course course = Course.wanted(oneShot(COMMAND, Restart.Policy.NEVER)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.orders();

    course.exits(run(1), 3);

    assertThat(course.orders()).containsExactly(new Order.Finish(run(1), FIRST, false, "EXIT_3"));
    assertThat(course.report().state()).isEqualTo(StateWord.FAILED);
  }

  @Test
  void does_not_call_a_one_shot_complete_that_was_stopped() {
    Course course = Course.wanted(oneShot(COMMAND, Restart.Policy.ON_FAILURE)).mayAct(1, 1_000);
    course.happens(new Event.Launched(run(1), 42));
    course.stop();
    course.orders();

    course.exits(run(1), 137);

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPED);
  }

  @Test
  void waits_for_a_run_that_it_found_to_say_what_it_does() {
    Course course = found(hot());

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().state()).isEqualTo(StateWord.UNKNOWN);
    assertThat(course.nothingActsUnder(FOUND, 1, 300)).as("it may act").isFalse();
  }

  @Test
  void goes_on_with_a_found_run_that_acts() {
    Course course = found(hot());

    course.happens(new Event.Connected(FOUND, 42, Optional.of(new Epoch(3))));
    course.mayAct(FOUND, 3, 2_000);
    course.happens(new Event.Activated(FOUND, new Epoch(3)));

    assertThat(course.orders())
        .containsExactly(new Order.Extend(FOUND, new Epoch(3), nanos(2_000)));
    assertThat(course.report().acting()).contains(new Epoch(3));
    assertThat(course.report().pid()).contains(42L);
  }

  @Test
  void goes_on_with_a_found_run_that_stands_by() {
    Course course = found(hot());

    course.happens(new Event.Connected(FOUND, 42, Optional.empty()));
    course.happens(new Event.Ready(FOUND));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().candidate()).isTrue();
    assertThat(course.report().run()).contains(FOUND);
  }

  @Test
  void ends_a_found_run_that_was_launched_for_a_grant_and_never_told_to_act() {
    Course course = found(cold(JAVA));

    course.happens(new Event.Connected(FOUND, 42, Optional.empty()));

    assertThat(course.orders()).containsExactly(new Order.Signal(FOUND, "INT"));
  }

  @Test
  void kills_a_found_run_that_has_not_connected_by_its_latest_deadline() {
    Course course = found(hot());

    course.at(1_499);
    assertThat(course.orders()).isEmpty();
    course.at(1_500);

    assertThat(course.orders()).containsExactly(new Order.Kill(FOUND));
  }

  @Test
  void kills_a_found_command_at_once_as_nobody_gives_it_deadlines() {
    assertThat(found(cold(COMMAND)).orders()).containsExactly(new Order.Kill(FOUND));
    assertThat(found(replicated(COMMAND)).orders()).containsExactly(new Order.Kill(FOUND));
  }

  @Test
  void launches_its_own_run_after_a_found_one_ended() {
    Course course = found(hot());

    course.exits(FOUND, 1).at(1_000);

    assertThat(course.orders()).hasSize(1).first().isInstanceOf(Order.Launch.class);
    assertThat(course.report().run()).contains(run(1));
  }

  @Test
  void does_not_adopt_a_second_run_beside_a_living_one() {
    Course course = Course.ready(hot());
    course.orders();

    course.happens(new Event.Adopted(FOUND, course.goal(), nanos(1_500)));

    assertThat(course.orders()).isEmpty();
    assertThat(course.report().run()).contains(run(1));
  }

  private static Course found(ProcessSpec spec) {
    Course course = Course.placed(spec);
    return course.happens(new Event.Adopted(FOUND, course.goal(), nanos(1_500)));
  }
}
