package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real programs, probed by a real agent by http, tcp, exec and the link. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbesIT {
  private static final String HOST = "127.81.14.1";

  private final LocalCluster cluster = new LocalCluster("127.81.14", "fast", List.of("host1"));
  private final Path site = cluster.directory().resolve("site");
  private final Path dead = cluster.directory().resolve("dead");
  private final Path stuck = cluster.directory().resolve("stuck");

  @BeforeAll
  void declare() throws IOException {
    Files.createDirectory(site);
    cluster.startAll();
    cluster.apply(
        """
        apiVersion: nsm/v1
        defaults:
          restart: {backoff: {initial: 200ms, max: 1s}}
          stop: {timeout: 5s}
        processes:
          web:
            mode: replicated
            command: [python3, -m, http.server, '8099', --bind, %1$s]
            workDir: %2$s
            ports: {http: 8099}
            probes:
              startup: {tcp: {host: %1$s, port: http}, period: 200ms, failureThreshold: 1000}
              readiness: {http: {host: %1$s, port: http, path: /ready}, period: 200ms, timeout: 10s, failureThreshold: 2}
          job:
            mode: replicated
            command: [sleep, '1000']
            probes:
              liveness: {exec: [test, '!', -e, %3$s], period: 200ms, timeout: 10s, failureThreshold: 2}
          never:
            mode: replicated
            command: [sleep, '1000']
            probes:
              startup: {tcp: {host: %1$s, port: 8098}, period: 200ms, failureThreshold: 3}
          stuck:
            mode: active-standby
            replicas: 1
            java: %5$s
            probes:
              startup: {link: ready}
              liveness: {exec: [test, '!', -e, %4$s], period: 200ms, timeout: 10s, failureThreshold: 2}
          frozen:
            mode: active-standby
            replicas: 1
            java: %6$s
            probes:
              liveness: {link: heartbeat, period: 3s, failureThreshold: 2}
        """
            .formatted(
                HOST,
                site,
                dead,
                stuck,
                Recorders.program(Recorder.class, cluster.directory().resolve("a").toString()),
                Recorders.program(Recorder.class, cluster.directory().resolve("b").toString())));
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @Test
  void a_web_server_is_ready_as_long_as_it_says_so() throws IOException {
    InstanceStatus deaf =
        one("web", "not ready", now -> now.reason().orElse("").contains("http status 404"));
    assertThat(deaf.state()).isEqualTo(InstanceState.STARTING);
    assertThat(deaf.ready()).isFalse();

    Files.writeString(site.resolve("ready"), "yes");
    InstanceStatus ready = one("web", "ready", now -> now.state() == InstanceState.READY);
    assertThat(ready.ready()).isTrue();

    Files.delete(site.resolve("ready"));
    InstanceStatus again = one("web", "not ready", now -> !now.ready());
    assertThat(again.pid()).as("nothing is ended for it").isEqualTo(deaf.pid());
  }

  @Test
  void a_program_that_its_probe_calls_dead_is_killed_and_started_again() throws IOException {
    InstanceStatus first = one("job", "its run", now -> now.state() == InstanceState.READY);

    Files.writeString(dead, "");
    described("job", "HUNG", now -> ended(now, "HUNG"));
    Files.delete(dead);
    InstanceStatus next =
        one(
            "job",
            "another run",
            now -> now.state() == InstanceState.READY && !now.pid().equals(first.pid()));
    assertThat(Pids.lives(first.pid().orElseThrow())).isFalse();
    assertThat(next.restarts()).isPositive();
  }

  @Test
  void a_program_that_does_not_come_up_is_killed_with_its_reason() {
    described("never", "PROBE_FAILED", now -> ended(now, "PROBE_FAILED"));
    assertThat(cluster.asked("events", AgentApi::events).events())
        .anyMatch(event -> event.text().contains("never/1 is killed: startup: tcp " + HOST));
  }

  @Test
  void a_jvm_that_is_called_hung_writes_down_its_threads_before_it_is_killed() throws IOException {
    InstanceStatus active = one("stuck", "acts", now -> now.state() == InstanceState.ACTIVE);

    Files.writeString(stuck, "");
    described("stuck", "HUNG", now -> ended(now, "HUNG"));
    Files.delete(stuck);

    String dump = Files.readString(dump("stuck", active));
    assertThat(dump).contains("Full thread dump").contains("\"recorder\"");
    one(
        "stuck",
        "acts again",
        now -> now.state() == InstanceState.ACTIVE && !now.pid().equals(active.pid()));
  }

  @Test
  void a_jvm_that_stands_still_is_killed_though_it_cannot_write_anything_down()
      throws IOException, InterruptedException {
    InstanceStatus active = one("frozen", "acts", now -> now.state() == InstanceState.ACTIVE);

    new ProcessBuilder("sh", "-c", "kill -STOP " + active.pid().orElseThrow()).start().waitFor();

    described("frozen", "its end", now -> ended(now, "HUNG") || ended(now, "LEASE_LOST"));
    one(
        "frozen",
        "acts again",
        now -> now.state() == InstanceState.ACTIVE && !now.pid().equals(active.pid()));
  }

  private Path dump(String process, InstanceStatus active) throws IOException {
    try (Stream<Path> files = Files.walk(cluster.host("host1").run())) {
      return files
          .filter(file -> file.endsWith("threads.txt"))
          .filter(file -> file.toString().contains("/" + process + "/"))
          .filter(file -> file.toString().contains(active.run().orElseThrow().toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static boolean ended(ProcessDescription described, String reason) {
    return described.instances().stream()
        .flatMap(instance -> instance.ended().stream())
        .anyMatch(run -> run.reason().equals(reason));
  }

  private InstanceStatus one(String process, String what, Predicate<InstanceStatus> condition) {
    return described(process, what, now -> condition.test(now.instances().get(0).status()))
        .instances()
        .get(0)
        .status();
  }

  private ProcessDescription described(
      String process, String what, Predicate<ProcessDescription> condition) {
    return Await.value(
        process + ": " + what,
        () ->
            Optional.of(cluster.asked("a description", api -> api.describe(process)))
                .filter(now -> !now.instances().isEmpty())
                .filter(condition),
        () -> cluster.asked("a description", api -> api.describe(process)) + "\n" + cluster.seen());
  }
}
