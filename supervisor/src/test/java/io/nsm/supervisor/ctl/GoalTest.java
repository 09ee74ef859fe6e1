package io.nsm.supervisor.ctl;

import static io.nsm.supervisor.api.InstanceState.ACTIVE;
import static io.nsm.supervisor.api.InstanceState.BACKOFF;
import static io.nsm.supervisor.api.InstanceState.COMPLETED;
import static io.nsm.supervisor.api.InstanceState.FAILED;
import static io.nsm.supervisor.api.InstanceState.READY;
import static io.nsm.supervisor.api.InstanceState.STANDBY;
import static io.nsm.supervisor.api.InstanceState.STARTING;
import static io.nsm.supervisor.api.InstanceState.STOPPED;
import static io.nsm.supervisor.api.InstanceState.UNKNOWN;
import static io.nsm.supervisor.ctl.Samples.EXPORTER;
import static io.nsm.supervisor.ctl.Samples.IMPORTER;
import static io.nsm.supervisor.ctl.Samples.exporter;
import static io.nsm.supervisor.ctl.Samples.healthy;
import static io.nsm.supervisor.ctl.Samples.importer;
import static io.nsm.supervisor.ctl.Samples.instance;
import static io.nsm.supervisor.ctl.Samples.run;
import static io.nsm.supervisor.ctl.Samples.unplaced;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.ctl.Look.Hopeless;
import io.nsm.supervisor.ctl.Look.Reached;
import io.nsm.supervisor.ctl.Look.Waiting;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GoalTest {
  private static final InstanceStatus ACTIVE_1 = instance("importer/1", "host1", 1, ACTIVE);
  private static final InstanceStatus STANDBY_2 = instance("importer/2", "host2", 2, STANDBY);

  private static final Goal RUNNING = Goal.running(IMPORTER, ExitCode.NOT_RUNNING);

  @Test
  void runs_when_one_is_active_and_all_others_stand_by() {
    assertThat(RUNNING.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, STANDBY_2))))
        .isEqualTo(new Reached("importer: ACTIVE on host1 (importer/1, epoch 7); 1 STANDBY"));
  }

  @Test
  void does_not_run_yet_while_a_standby_is_missing_or_not_well() {
    assertThat(RUNNING.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1))))
        .isInstanceOf(Waiting.class);
    InstanceStatus ill = instance("importer/2", "host2", 2, BACKOFF);
    assertThat(RUNNING.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, ill))))
        .isEqualTo(new Waiting("importer: ACTIVE on host1 (importer/1, epoch 7); 1 BACKOFF"));
  }

  @Test
  void will_not_run_when_it_failed_or_was_stopped_or_has_no_place() {
    InstanceStatus failed = instance("importer/2", "host2", 2, FAILED);
    assertThat(RUNNING.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, failed))))
        .isEqualTo(
            new Hopeless(
                ExitCode.NOT_RUNNING,
                "importer/2 failed (EXIT_1); see 'nsmctl describe importer'"));
    assertThat(RUNNING.judge(healthy(importer(Wanted.STOPPED, 7, ACTIVE_1, STANDBY_2))))
        .isInstanceOf(Hopeless.class);
    assertThat(
            Goal.running(new ProcessName("server"), ExitCode.ROLLOUT_FAILED)
                .judge(healthy(unplaced())))
        .isEqualTo(new Hopeless(ExitCode.CANNOT_BE_PLACED, "server: no host has zone=a"));
  }

  @Test
  void is_started_anew_only_when_every_old_run_is_gone() {
    Goal goal = Goal.startedAnew(IMPORTER, Set.of(run(1), run(2)), ExitCode.NOT_RUNNING);
    InstanceStatus renewed1 = instance("importer/1", "host1", 3, ACTIVE);
    InstanceStatus renewed2 = instance("importer/2", "host2", 4, STANDBY);

    assertThat(goal.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, STANDBY_2))))
        .isInstanceOf(Waiting.class);
    assertThat(goal.judge(healthy(importer(Wanted.RUNNING, 8, renewed1, STANDBY_2))))
        .isInstanceOf(Waiting.class);
    assertThat(goal.judge(healthy(importer(Wanted.RUNNING, 8, renewed1, renewed2))))
        .isInstanceOf(Reached.class);
  }

  @Test
  void an_old_runs_failure_does_not_end_the_wait_for_a_new_one() {
    Goal goal = Goal.startedAnew(IMPORTER, Set.of(run(1), run(2)), ExitCode.NOT_RUNNING);
    InstanceStatus old = instance("importer/2", "host2", 2, FAILED);

    assertThat(goal.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, old))))
        .isInstanceOf(Waiting.class);
  }

  @Test
  void is_stopped_only_when_nothing_runs_and_nothing_is_unknown() {
    Goal goal = Goal.stopped(IMPORTER);
    InstanceStatus stopped = instance("importer/1", "host1", 1, STOPPED);
    InstanceStatus unknown = instance("importer/2", "host2", 2, UNKNOWN);

    assertThat(goal.judge(healthy(importer(Wanted.STOPPED, 7, stopped, unknown))))
        .isEqualTo(new Waiting("importer: importer/1 STOPPED, importer/2 UNKNOWN"));
    assertThat(goal.judge(healthy(importer(Wanted.STOPPED, 7, stopped))))
        .isEqualTo(new Reached("importer: stopped"));
    assertThat(goal.judge(healthy(importer(Wanted.RUNNING, 7, stopped))))
        .isInstanceOf(Hopeless.class);
  }

  @Test
  void is_switched_over_when_a_later_grant_is_carried_out_where_it_was_asked_for() {
    Goal anywhere = Goal.switchedOver(IMPORTER, new Epoch(7), Optional.empty());
    Goal elsewhere = Goal.switchedOver(IMPORTER, new Epoch(7), Optional.of(new HostName("host2")));

    assertThat(anywhere.judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1, STANDBY_2))))
        .isInstanceOf(Waiting.class);
    assertThat(anywhere.judge(healthy(importer(Wanted.RUNNING, 8, ACTIVE_1, STANDBY_2))))
        .isInstanceOf(Reached.class);
    assertThat(elsewhere.judge(healthy(importer(Wanted.RUNNING, 8, ACTIVE_1, STANDBY_2))))
        .isEqualTo(
            new Hopeless(ExitCode.ROLLOUT_FAILED, "importer is active on host1, not on host2"));
  }

  @Test
  void a_one_shot_runs_once_it_has_begun_and_completes_at_its_end() {
    Goal begun = Goal.running(EXPORTER, ExitCode.NOT_RUNNING);
    Goal completed = Goal.completed(EXPORTER);

    InstanceStatus starting = instance("exporter/1", "host1", 1, STARTING);
    assertThat(begun.judge(healthy(exporter(starting)))).isInstanceOf(Reached.class);
    assertThat(completed.judge(healthy(exporter(instance("exporter/1", "host1", 1, READY)))))
        .isInstanceOf(Waiting.class);
    assertThat(completed.judge(healthy(exporter(instance("exporter/1", "host1", 1, COMPLETED)))))
        .isEqualTo(new Reached("exporter: completed"));
    assertThat(completed.judge(healthy(exporter(instance("exporter/1", "host1", 1, FAILED)))))
        .isInstanceOf(Hopeless.class);
    assertThat(completed.judge(healthy(exporter()))).isInstanceOf(Waiting.class);
  }

  @Test
  void is_gone_when_it_is_not_declared_any_more() {
    assertThat(Goal.gone(IMPORTER).judge(healthy(importer(Wanted.RUNNING, 7, ACTIVE_1))))
        .isInstanceOf(Waiting.class);
    assertThat(Goal.gone(IMPORTER).judge(healthy())).isEqualTo(new Reached("importer: removed"));
    assertThat(RUNNING.judge(healthy()))
        .isEqualTo(new Hopeless(ExitCode.NO_SUCH, "there is no process importer"));
  }
}
