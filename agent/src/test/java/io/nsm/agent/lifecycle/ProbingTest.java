package io.nsm.agent.lifecycle;

import static io.nsm.agent.lifecycle.Given.COMMAND;
import static io.nsm.agent.lifecycle.Given.JAVA;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.replicated;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Kind;
import io.nsm.supervisor.model.Probes.Probe;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.StateWord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an agent makes of probes. Each looks every second; three failures in a row count. */
class ProbingTest {
  private static final Probe TCP = probe(new Probes.Tcp("127.0.0.1", 80));
  private static final Probe READY = probe(new Probes.Link(Probes.Link.Sign.READY));
  private static final Probe HEARTBEAT = probe(new Probes.Link(Probes.Link.Sign.HEARTBEAT));

  private static Probe probe(Probes.Check check) {
    return new Probe(check, Duration.ofSeconds(1), Duration.ofMillis(500), 3, 1);
  }

  private static ProcessSpec started(ProcessSpec spec, Probe startup) {
    Probes probes = spec.probes();
    return spec.with(new Probes(Optional.of(startup), probes.readiness(), probes.liveness()));
  }

  private static ProcessSpec readied(ProcessSpec spec) {
    Probes probes = spec.probes();
    return spec.with(new Probes(probes.startup(), Optional.of(TCP), probes.liveness()));
  }

  private static ProcessSpec watched(ProcessSpec spec, Probe liveness) {
    Probes probes = spec.probes();
    return spec.with(new Probes(probes.startup(), probes.readiness(), Optional.of(liveness)));
  }

  /** The checks that were ordered since this was asked last. */
  private static List<Order.Check> checks(Course course) {
    return course.orders().stream()
        .filter(Order.Check.class::isInstance)
        .map(Order.Check.class::cast)
        .toList();
  }

  private static Order.Check check(Course course) {
    List<Order.Check> checks = checks(course);
    assertThat(checks).hasSize(1);
    return checks.get(0);
  }

  private static void succeeds(Course course, Order.Check check) {
    course.happens(new Event.Probed(check.run(), check.kind(), check.number(), Optional.empty()));
  }

  private static void fails(Course course, Order.Check check) {
    course.happens(
        new Event.Probed(check.run(), check.kind(), check.number(), Optional.of("refused")));
  }

  @Test
  void is_no_candidate_before_its_readiness_probe_passed_nor_after_it_failed_for_long() {
    Course course = Course.ready(readied(hot()));
    assertThat(course.report().state()).isEqualTo(StateWord.STARTING);
    assertThat(course.report().candidate()).isFalse();

    succeeds(course, check(course));
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);
    assertThat(course.report().candidate()).isTrue();

    for (int second = 1; second <= 3; second++) {
      assertThat(course.report().candidate()).as("after %s failures", second - 1).isTrue();
      fails(course, check(course.at(1_000L * second)));
    }
    assertThat(course.report().candidate()).isFalse();
    assertThat(course.report().unready()).contains("readiness: refused");
    assertThat(course.report().reason()).contains("readiness: refused");
    assertThat(course.orders()).as("nothing is ended for it").isEmpty();

    succeeds(course, check(course.at(4_000)));
    assertThat(course.report().candidate()).isTrue();
  }

  @Test
  void goes_on_acting_when_it_is_not_ready_and_says_so() {
    Course course = Course.ready(readied(hot()));
    succeeds(course, check(course));
    course.mayAct(1, 100_000).happens(new Event.Activated(run(1), new Epoch(1)));
    for (int second = 1; second <= 3; second++) {
      fails(course, check(course.at(1_000L * second)));
    }

    assertThat(course.report().state()).isEqualTo(StateWord.ACTIVE);
    assertThat(course.report().acting()).contains(new Epoch(1));
    assertThat(course.report().unready()).contains("readiness: refused");
  }

  @Test
  void counts_a_replica_as_ready_only_when_its_probe_says_so() {
    Course course = Course.wanted(readied(replicated(COMMAND)));
    course.happens(new Event.Launched(run(1), 42));
    assertThat(course.report().state()).isEqualTo(StateWord.STARTING);

    succeeds(course, check(course));
    assertThat(course.report().state()).isEqualTo(StateWord.READY);
  }

  @Test
  void kills_a_run_that_does_not_come_up_in_time() {
    Course course = Course.wanted(started(hot(), READY));
    course.happens(new Event.Launched(run(1), 42));
    course.at(1_000);
    assertThat(course.report().state()).isEqualTo(StateWord.STARTING);
    course.orders();

    course.at(2_000);
    assertThat(course.orders()).containsExactly(new Order.KillHung(run(1)));
    course.exits(run(1), 137);
    assertThat(course.report().state()).isEqualTo(StateWord.BACKOFF);
    assertThat(course.report().exits().get(0).reason()).isEqualTo("PROBE_FAILED");
  }

  @Test
  void looks_whether_a_run_lives_only_once_it_has_come_up() {
    Course course = Course.ready(watched(started(hot(), TCP), TCP));
    Order.Check startup = check(course);
    assertThat(startup.kind()).isEqualTo(Kind.STARTUP);
    fails(course, startup);
    Order.Check again = check(course.at(60_000));
    assertThat(again.kind()).isEqualTo(Kind.STARTUP);

    succeeds(course, again);
    assertThat(checks(course.at(60_999))).isEmpty();
    assertThat(check(course.at(61_000)).kind()).isEqualTo(Kind.LIVENESS);
    assertThat(checks(course.at(61_100))).as("one at a time").isEmpty();
  }

  @Test
  void has_a_hung_jvm_write_down_its_threads_and_kills_it() {
    Course course = Course.ready(watched(hot(), TCP)).mayAct(1, 100_000);
    for (int second = 1; second <= 3; second++) {
      fails(course, check(course.at(1_000L * second)));
    }
    assertThat(course.report().state()).isEqualTo(StateWord.STOPPING);
    assertThat(course.report().reason()).contains("HUNG");
    assertThat(course.told()).contains("hung");
    assertThat(course.lastTold()).isEqualTo("worker/1 is killed: liveness: refused");

    course.exits(run(1), 137);
    assertThat(course.report().exits().get(0).reason()).isEqualTo("HUNG");
    assertThat(course.report().state()).isEqualTo(StateWord.BACKOFF);
    assertThat(course.at(10_000).report().state()).isEqualTo(StateWord.STARTING);
  }

  @Test
  void orders_the_dump_of_a_jvm_and_the_kill_of_anything_else() {
    Course jvm = Course.ready(watched(hot(), TCP));
    Course command = Course.wanted(watched(replicated(COMMAND), TCP));
    command.happens(new Event.Launched(run(1), 42));
    for (Course course : List.of(jvm, command)) {
      course.orders();
      fails(course, check(course.at(1_000)));
      fails(course, check(course.at(2_000)));
      Order.Check last = check(course.at(3_000));
      fails(course, last);
    }

    assertThat(jvm.orders()).containsExactly(new Order.KillHung(run(1)));
    assertThat(command.orders()).containsExactly(new Order.Kill(run(1)));
  }

  @Test
  void forgets_failures_at_the_first_success() {
    Course course = Course.ready(watched(replicated(JAVA), TCP));
    course.orders();
    for (int second = 1; second <= 30; second++) {
      Order.Check check = check(course.at(1_000L * second));
      if (second % 3 == 0) {
        succeeds(course, check);
      } else {
        fails(course, check);
      }
    }

    assertThat(course.report().state()).isEqualTo(StateWord.READY);
  }

  @Test
  void counts_a_check_without_an_answer_as_failed_and_its_late_answer_not_at_all() {
    Course course = Course.ready(watched(replicated(JAVA), TCP));
    course.orders();
    Order.Check lost = check(course.at(1_000));
    assertThat(checks(course.at(6_499))).isEmpty();
    course.at(6_500);
    assertThat(check(course.at(7_500)).number()).isEqualTo(lost.number() + 1);

    succeeds(course, lost);
    assertThat(checks(course.at(12_999))).as("the newer one is still waited for").isEmpty();
  }

  @Test
  void takes_what_the_link_says_for_a_sign_of_life_while_it_says_it() {
    Course course = Course.ready(watched(hot(), HEARTBEAT));
    course.orders();
    for (int second = 1; second <= 20; second++) {
      course.at(1_000L * second - 300).happens(new Event.Heard(run(1)));
      course.at(1_000L * second);
    }
    assertThat(course.report().state()).isEqualTo(StateWord.STANDBY);

    for (int second = 21; second <= 30; second++) {
      course.at(1_000L * second);
    }
    assertThat(course.orders()).containsExactly(new Order.KillHung(run(1)));
    assertThat(course.lastTold()).contains("liveness: no heartbeat through its link");
  }

  @Test
  void is_not_judged_by_the_checks_of_the_run_before() {
    Course course = Course.ready(watched(replicated(JAVA), TCP));
    course.orders();
    Order.Check old = check(course.at(1_000));
    course.exits(run(1), 1).at(10_000).launchedAndReady(run(2));

    for (int i = 0; i < 5; i++) {
      fails(course, old);
    }
    assertThat(course.report().state()).isEqualTo(StateWord.READY);
  }

  @Test
  void judges_by_what_is_declared_now_without_a_new_run() {
    Course course = Course.ready(hot());
    course.orders();
    course.want(new Goal(watched(hot(), TCP), true, 1, 0));

    assertThat(check(course.at(1_000)).kind()).isEqualTo(Kind.LIVENESS);
    assertThat(course.report().run()).contains(run(1));
  }
}
