package io.nsm.supervisor.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HealthTest {
  private static final Quorum QUORUM = new Quorum(true, 3, 3);
  private static final Optional<HostName> LEADER = Optional.of(new HostName("a"));

  @Test
  void all_is_well_with_quorum_and_everything_up() {
    Health health =
        Health.judge(
            QUORUM,
            LEADER,
            List.of(host(HostStatus.Presence.UP)),
            List.of(process(Mode.REPLICATED, Wanted.RUNNING, InstanceState.READY)));

    assertThat(health).isEqualTo(new Health(true, List.of()));
  }

  @Test
  void the_worst_is_told_first() {
    Health health =
        Health.judge(
            new Quorum(false, 3, 1),
            Optional.empty(),
            List.of(host(HostStatus.Presence.SILENT)),
            List.of(process(Mode.ACTIVE_STANDBY, Wanted.RUNNING, InstanceState.BACKOFF)));

    assertThat(health.well()).isFalse();
    assertThat(health.problems())
        .containsExactly(
            "no quorum: 1 of 3 voters reachable, 2 needed",
            "host a is silent",
            "p has no active instance",
            "p/1 is BACKOFF (EXIT_1)");
  }

  @Test
  void what_an_operator_stopped_is_well() {
    Health health =
        Health.judge(
            QUORUM,
            LEADER,
            List.of(),
            List.of(process(Mode.ACTIVE_STANDBY, Wanted.STOPPED, InstanceState.STOPPED)));

    assertThat(health.well()).isTrue();
  }

  @Test
  void an_instance_that_is_not_there_is_missed() {
    ProcessStatus process =
        new ProcessStatus(
            new ProcessName("p"),
            Mode.REPLICATED,
            Wanted.RUNNING,
            1,
            2,
            Epoch.NONE,
            Optional.empty(),
            List.of(),
            List.of());

    assertThat(Health.judge(QUORUM, LEADER, List.of(), List.of(process)).problems())
        .containsExactly("p lacks 2 of 2 instances");
  }

  @Test
  void an_election_is_told() {
    assertThat(Health.judge(QUORUM, Optional.empty(), List.of(), List.of()).problems())
        .containsExactly("no leader is known: an election is under way");
  }

  private static HostStatus host(HostStatus.Presence presence) {
    return new HostStatus(
        new HostName("a"),
        "a:1",
        HostStatus.Role.VOTER,
        presence,
        Optional.empty(),
        Optional.empty());
  }

  private static ProcessStatus process(Mode mode, Wanted wanted, InstanceState state) {
    InstanceStatus instance =
        new InstanceStatus(
            InstanceId.parse("p/1"),
            Optional.of(new HostName("a")),
            Optional.empty(),
            Optional.empty(),
            state,
            state == InstanceState.BACKOFF ? Optional.of("EXIT_1") : Optional.empty(),
            Instant.EPOCH,
            0,
            state.good(),
            true,
            Optional.empty());
    return new ProcessStatus(
        new ProcessName("p"),
        mode,
        wanted,
        1,
        1,
        Epoch.NONE,
        Optional.empty(),
        List.of(instance),
        List.of());
  }
}
