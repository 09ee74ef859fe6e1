package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.InstanceDescription;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.PromotionTimeline;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One cluster of three hosts through all faults, each beginning where all is well again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
  private static final String NAME = Recorders.NAME;

  private final LocalCluster cluster =
      new LocalCluster("127.81.1", "fast", List.of("host1", "host2", "host3"));
  private final Recorders recorders = new Recorders(cluster);

  @BeforeAll
  void declare() {
    cluster.startAll();
    cluster.apply(recorders.declaration(3));
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
  void promotes_a_standby_with_the_last_checkpoint_when_the_active_process_is_killed() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);

    Pids.kill(active.pid().orElseThrow());

    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    awaitStandby(active.id());
  }

  @Test
  void hands_over_in_order_when_an_operator_wants_it() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);

    cluster.asked("switchover", api -> api.act(NAME, ActionRequest.Action.SWITCHOVER));

    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    assertThat(recorders.recording().in(before.epoch().number()))
        .as("it was told of the end of its term")
        .anyMatch(line -> line.kind() == Recording.Kind.ENDED);
    assertThat(awaitStandby(active.id()).pid()).as("its JVM goes on").isEqualTo(active.pid());
  }

  @Test
  void a_process_that_was_stopped_beyond_its_lease_ends_although_its_agent_went_on_renewing() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    long pid = active.pid().orElseThrow();

    long stopped = System.nanoTime();
    Pids.signal(pid, "STOP");
    Await.until(
        "the end of the lease that it knows of",
        () -> System.nanoTime() - stopped > LeaseTerms.FAST.ttl().toNanos(),
        () -> "");
    Pids.signal(pid, "CONT");

    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    awaitStandby(active.id());
    EndedRun ended = describe(active.id()).ended().get(0);
    assertThat(ended.run()).isEqualTo(active.run().orElseThrow());
    assertThat(ended.reason()).isEqualTo("LEASE_LOST");
  }

  @Test
  void an_operator_can_switch_over_from_a_process_that_hangs() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    long pid = active.pid().orElseThrow();

    Pids.signal(pid, "STOP");
    cluster.asked("switchover", api -> api.act(NAME, ActionRequest.Action.SWITCHOVER));
    long next = recorders.awaitSavedAfter(before.epoch().number());
    Pids.continueIfThere(pid);

    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    cluster.await("an end of the one that hung", NAME, process -> !hasPid(process, pid));
    awaitStandby(active.id());
  }

  @Test
  void a_standby_takes_over_when_the_agent_of_the_active_is_stopped_beyond_the_lease() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    LocalHost host = cluster.hostOf(active);

    Pids.signal(host.pid(), "STOP");
    try {
      long next = recorders.awaitSavedAfter(before.epoch().number());
      assertThat(recorders.holder(next)).isNotEqualTo(active.id());
      Await.until(
          "the old one to have ended at its lease's end",
          () -> !Pids.lives(active.pid().orElseThrow()),
          () -> "it lives");
    } finally {
      Pids.signal(host.pid(), "CONT");
    }

    awaitStandby(active.id());
    assertThat(describe(active.id()).ended().get(0).reason()).isEqualTo("LEASE_LOST");
  }

  @Test
  void a_standby_takes_over_when_a_whole_host_is_lost() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);

    cluster.hostOf(active).killAll();

    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    PromotionTimeline promotion = promotion(next);
    assertThat(promotion.cause()).isEqualTo("HOST_LOST");
    // The bound of the profile and half a second are promised; the rest is for a busy machine.
    assertThat(promotion.active()).isLessThan(Duration.ofSeconds(20));
    cluster.startAll();
    awaitStandby(active.id());
  }

  @Test
  void everything_goes_on_from_disk_after_the_whole_cluster_was_lost() {
    ProcessStatus before = recorder();

    cluster.killAll();
    cluster.startAll();

    cluster.awaitWell();
    recorders.awaitSavedAfter(before.epoch().number());
  }

  private ProcessStatus recorder() {
    return cluster.await("one to act", NAME, process -> process.active().isPresent());
  }

  private InstanceStatus awaitStandby(InstanceId id) {
    ProcessStatus process =
        cluster.await(
            id + " to stand by",
            NAME,
            now ->
                now.instances().stream()
                    .anyMatch(i -> i.id().equals(id) && i.state() == InstanceState.STANDBY));
    return process.instances().stream().filter(i -> i.id().equals(id)).findFirst().orElseThrow();
  }

  private static boolean hasPid(ProcessStatus process, long pid) {
    return process.instances().stream().anyMatch(i -> i.pid().equals(Optional.of(pid)));
  }

  private InstanceDescription describe(InstanceId id) {
    return cluster.asked("a description", api -> api.describe(NAME)).instances().stream()
        .filter(instance -> instance.status().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private PromotionTimeline promotion(long epoch) {
    return Await.value(
        "the event of the promotion to epoch " + epoch,
        () ->
            cluster.asked("events", AgentApi::events).events().stream()
                .flatMap(event -> event.promotion().stream())
                .filter(timeline -> timeline.epoch().number() == epoch)
                .findFirst(),
        () -> "events: " + cluster.asked("events", AgentApi::events));
  }
}
