package io.nsm.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.InstanceId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the output of a process is over that is followed. */
class LogFollowingTest {
  @Test
  void a_one_shot_is_over_when_it_has_ended() {
    assertThat(over(InstanceState.STARTING)).isFalse();
    assertThat(over(InstanceState.READY)).isFalse();
    assertThat(over(InstanceState.BACKOFF)).isFalse();
    assertThat(over(InstanceState.UNKNOWN)).isFalse();
    assertThat(over(InstanceState.COMPLETED)).isTrue();
    assertThat(over(InstanceState.FAILED)).isTrue();
    assertThat(over(InstanceState.STOPPED)).isTrue();
  }

  @Test
  void a_one_shot_that_is_not_placed_yet_is_not_over() {
    assertThat(over()).isFalse();
  }

  @Test
  void a_process_that_is_to_run_for_ever_is_never_over() {
    InstanceStatus stopped = Samples.instance("importer/1", "a", 1, InstanceState.STOPPED);

    assertThat(
            LogFollowing.over(Samples.importer(Wanted.STOPPED, 1, stopped), List.of(stopped.id())))
        .isFalse();
  }

  private static boolean over(InstanceState... states) {
    InstanceStatus[] instances =
        Arrays.stream(states)
            .map(state -> Samples.instance("exporter/1", "a", 1, state))
            .toArray(InstanceStatus[]::new);
    ProcessStatus process = Samples.exporter(instances);
    List<InstanceId> all = process.instances().stream().map(InstanceStatus::id).toList();
    return LogFollowing.over(process, all);
  }
}
