package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the operating guide says of whole clusters, done on three agents as it says it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatingIT {
  private static final List<String> NAMES = List.of("host1", "host2", "host3");

  /** The stop time of the recorder and what an agent adds to it, on a busy machine. */
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(25);

  private final LocalCluster cluster = new LocalCluster("127.81.7", "fast", NAMES);
  private final Recorders recorders = new Recorders(cluster);

  @BeforeAll
  void declare() {
    cluster.startAll();
    cluster.apply(
        recorders.declaration(3)
            + """
              sleeper:
                mode: replicated
                replicas: 3
                command: [sleep, '1000']
                placement: {antiAffinity: host}
            """);
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
  void all_agents_end_soon_when_they_are_told_to_at_the_same_moment_and_all_goes_on_later() {
    long epoch = recorders.epoch().orElseThrow();
    long told = System.nanoTime();

    NAMES.forEach(name -> cluster.host(name).tellToEnd());
    NAMES.forEach(name -> assertThat(cluster.host(name).ended()).as(name).isEqualTo(143));

    assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(STOPPED_WITHIN);
    for (String name : NAMES) {
      assertThat(Pids.ofRuns(cluster.host(name).run())).as("what runs on " + name).isEmpty();
    }
    cluster.startAll();
    cluster.awaitWell();
    recorders.awaitSavedAfter(epoch);
  }

  @Test
  void an_agent_that_lost_the_majority_ends_its_processes_and_soon_itself() {
    LocalHost last = cluster.host("host3");
    cluster.host("host1").killAll();
    cluster.host("host2").killAll();
    long told = System.nanoTime();

    assertThat(last.stopAgent()).isEqualTo(143);

    assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(STOPPED_WITHIN);
    assertThat(Pids.ofRuns(last.run())).isEmpty();
  }

  @Test
  void a_voter_that_lost_its_disk_is_let_in_again_as_the_guide_says() throws IOException {
    long epoch = recorders.epoch().orElseThrow();
    LocalHost lost = cluster.host("host1");
    lost.killAll();
    delete(lost.data());
    lost.configure(Files.readString(lost.config()));

    // It is refused, whatever is done first.
    lost.start();
    assertThat(lost.ended()).isEqualTo(1);
    assertThat(lost.log()).contains("is a voter, and here is neither a mark nor a log");

    // (2) the agent that leads is restarted; then a leader again, and nothing silent but the lost.
    ClusterStatus led = cluster.await("a leader", status -> status.leader().isPresent());
    HostName leader = led.leader().orElseThrow();
    cluster.host(leader.name()).killAgent();
    cluster.host(leader.name()).start();
    cluster.await(
        "a leader again, and nothing silent but the lost voter",
        status ->
            status.leader().isPresent()
                && !incarnation(status, leader).equals(incarnation(led, leader))
                && status.hosts().stream()
                    .allMatch(
                        host ->
                            host.presence() == HostStatus.Presence.UP
                                || host.name().name().equals(lost.name())));

    // (3) and (4)
    LocalHost.Told prepared = lost.init();
    assertThat(prepared.code()).isZero();
    assertThat(prepared.words()).contains("A voter that lost its disk");
    lost.start();
    ClusterStatus status =
        cluster.await("3 of 3 voters", now -> now.quorum().equals(new Quorum(true, 3, 3)));
    assertThat(status.hosts()).allMatch(host -> host.presence() == HostStatus.Presence.UP);
    cluster.awaitWell();
    recorders.awaitSavedAfter(epoch - 1);
    long newest = index(cluster.host("host2"));
    Await.until(
        "its copy to have all that another's has",
        () -> index(lost) >= newest,
        () -> "at " + index(lost) + ", not " + newest);
    assertThat(cluster.host("host2").runs() && cluster.host("host3").runs()).isTrue();

    // It votes: with it and one of the others the cluster goes on.
    cluster.host("host2").killAll();
    cluster.await("2 of 3 voters", now -> now.quorum().equals(new Quorum(true, 3, 2)));
    int saves = saves();
    Await.until("20 saves more", () -> saves() > saves + 20, cluster::seen);
  }

  private int saves() {
    return recorders.recording().of(Recording.Kind.SAVED).size();
  }

  private static Optional<String> incarnation(ClusterStatus status, HostName name) {
    return status.hosts().stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .flatMap(HostStatus::incarnation);
  }

  private static long index(LocalHost host) {
    try {
      return host.api().status().index();
    } catch (AgentApi.Refused refused) {
      return -1;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
