package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Agents that die and come back while their processes go on, under a lease that outlives that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentRestartIT {
  private final LocalCluster cluster =
      new LocalCluster("127.81.2", "patient", List.of("host1", "host2", "host3"));
  private final Recorders recorders = new Recorders(cluster);

  @BeforeAll
  void declare() {
    cluster.startAll();
    cluster.apply(
        recorders.declaration(2)
            + """
              once:
                mode: one-shot
                java: %s
            """
                .formatted(Recorders.program(OneShot.class, cluster.directory() + "/shots")));
    cluster.await("the recorder to run", Recorders.NAME, p -> p.active().isPresent());
    cluster.await(
        "a standby", Recorders.NAME, p -> p.instances().stream().allMatch(i -> i.state().good()));
    recorders.awaitSavedAfter(0);
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
  void processes_go_on_and_keep_their_roles_when_their_agent_is_killed_and_started_again() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    LocalHost host = cluster.hostOf(active);

    host.killAgent();
    assertThat(Pids.lives(active.pid().orElseThrow())).isTrue();
    host.start();

    cluster.awaitWell();
    ProcessStatus after = recorder();
    assertThat(after.epoch()).isEqualTo(before.epoch());
    assertThat(pids(after)).isEqualTo(pids(before));
    int counted = recorders.recording().lines().size();
    Await.until(
        "the active one to go on",
        () -> recorders.recording().lines().size() > counted,
        () -> recorder().toString());
    // It still hears of what is wanted: the link to the new agent is as good as the old one.
    cluster.asked("switchover", api -> api.act(Recorders.NAME, ActionRequest.Action.SWITCHOVER));
    long next = recorders.awaitSavedAfter(before.epoch().number());
    assertThat(recorders.holder(next)).isNotEqualTo(active.id());
    assertThat(pids(recorder())).isEqualTo(pids(before));
  }

  @Test
  void a_run_that_ends_while_no_agent_is_there_is_replaced_when_one_is_back() {
    ProcessStatus before = recorder();
    InstanceStatus active = LocalCluster.active(before);
    LocalHost host = cluster.hostOf(active);

    host.killAgent();
    Pids.kill(active.pid().orElseThrow());
    host.start();

    recorders.awaitSavedAfter(before.epoch().number());
    cluster.awaitWell();
  }

  @Test
  void a_one_shot_runs_exactly_once_although_its_agent_is_killed_and_started_again()
      throws IOException {
    Path file = cluster.directory().resolve("shots");
    cluster.asked("start", api -> api.act("once", ActionRequest.Action.START));
    InstanceStatus running =
        cluster
            .await(
                "its run", "once", p -> p.instances().stream().anyMatch(i -> i.pid().isPresent()))
            .instances()
            .get(0);
    Await.until("its begin", () -> lines(file) == 1, () -> file.toString());
    LocalHost host = cluster.hostOf(running);

    host.killAgent();
    host.start();
    Files.createFile(OneShot.permission(file));

    cluster.await(
        "its completion",
        "once",
        p -> p.instances().stream().allMatch(i -> i.state() == InstanceState.COMPLETED));
    cluster.awaitWell();
    assertThat(Files.readAllLines(file)).hasSize(2).last().isEqualTo("ended");
  }

  private static int lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private ProcessStatus recorder() {
    return cluster.await("one to act", Recorders.NAME, process -> process.active().isPresent());
  }

  private static List<Optional<Long>> pids(ProcessStatus process) {
    return process.instances().stream().map(InstanceStatus::pid).toList();
  }
}
