package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two hosts that run processes, and a third that only votes and stores. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WitnessIT {
  private static final String NAME = Recorders.NAME;

  private final LocalCluster cluster =
      new LocalCluster("127.81.4", "fast", List.of("host1", "host2", LocalCluster.WITNESS));
  private final Recorders recorders = new Recorders(cluster);

  @BeforeAll
  void declare() {
    cluster.startAll();
    cluster.apply(recorders.declaration(2));
  }

  @BeforeEach
  void awaitAllWell() {
    cluster.startAll();
    cluster.awaitWell();
    recorders.awaitSavedAfter(recorders.epoch().orElse(1) - 1);
  }

  @AfterEach
  void checkWhatWasRecorded() {
    recorders.recording().holds();
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @Test
  void the_other_host_takes_over_when_one_is_lost() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);

    cluster.hostOf(active).killAll();

    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
  }

  @Test
  void nothing_is_placed_on_the_witness_and_nothing_changes_when_it_is_lost() {
    ProcessStatus before = recorder();
    assertThat(before.instances())
        .extracting(instance -> instance.host().orElseThrow().name())
        .containsExactlyInAnyOrder("host1", "host2");

    cluster.host(LocalCluster.WITNESS).killAll();
    cluster.await("its loss to be seen", status -> status.quorum().reachable() == 2);
    int saved = recorders.recording().of(Recording.Kind.SAVED).size();
    Await.until(
        "further saves",
        () -> recorders.recording().of(Recording.Kind.SAVED).size() > saved,
        () -> recorder().toString());

    assertThat(recorder().epoch()).isEqualTo(before.epoch());
  }

  @Test
  void without_a_majority_the_active_stops_and_nsmctl_says_so() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    LocalHost last = cluster.hostOf(active);
    for (String name : List.of("host1", "host2", LocalCluster.WITNESS)) {
      if (!name.equals(last.name())) {
        cluster.host(name).killAll();
      }
    }

    Await.until(
        "the end of the active at its lease's end",
        () -> !Pids.lives(active.pid().orElseThrow()),
        last::log);
    ClusterStatus status = cluster.await("no quorum", now -> !now.quorum().present());
    assertThat(status.health().problems().get(0)).contains("no quorum: 1 of 3 voters");
    assertThat(last.nsmctl("status").code()).isEqualTo(8);
    LocalHost.Told refused = last.nsmctl("stop", NAME);
    assertThat(refused.code()).as(refused.words()).isEqualTo(8);
    assertThat(refused.words()).contains("no quorum");

    cluster.startAll();
    recorders.awaitSavedAfter(before.epoch().number());
  }

  @Test
  void an_agent_that_is_told_to_end_hands_over_first() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    LocalHost host = cluster.hostOf(active);

    assertThat(host.stopAgent()).isEqualTo(143);

    assertThat(Pids.ofRuns(host.run())).isEmpty();
    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    assertThat(recorders.recording().in(before.epoch().number()))
        .anyMatch(line -> line.kind() == Recording.Kind.ENDED);
    cluster.startAll();
    cluster.await(
        "the other to stand by",
        NAME,
        process -> process.instances().stream().anyMatch(i -> i.state() == InstanceState.STANDBY));
  }

  private ProcessStatus recorder() {
    return cluster.await("one to act", NAME, process -> process.active().isPresent());
  }
}
