package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes on two hosts, of which one depends on the other. */
class OrderIT {
  private final LocalCluster cluster =
      new LocalCluster("127.81.15", "fast", List.of("host1", "host2", LocalCluster.WITNESS));
  private final Path open = cluster.directory().resolve("open");
  private final Path order = cluster.directory().resolve("order");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void what_depends_on_another_starts_after_it_again_and_again_and_stops_before_it()
      throws IOException {
    cluster.startAll();
    cluster.apply(
        """
        apiVersion: nsm/v1
        defaults:
          mode: replicated
          restart: {backoff: {initial: 200ms, max: 1s}}
          stop: {timeout: 20s}
        processes:
          base:
            command: [sh, -c, 'trap "echo base >> %1$s; exit 0" TERM; while true; do sleep 0.1; done']
            placement: {on: ["${host.name} == host1"]}
            probes: {readiness: {exec: [test, -e, %2$s], period: 200ms, timeout: 10s, failureThreshold: 1}}
          user:
            command: [sh, -c, 'trap "sleep 1; echo user >> %1$s; exit 0" TERM; while true; do sleep 0.1; done']
            placement: {on: ["${host.name} == host2"]}
            dependsOn: [{process: base, condition: ready}]
        """
            .formatted(order, open));

    InstanceStatus waiting = one("user", now -> now.reason().isPresent());
    assertThat(waiting.state()).isEqualTo(InstanceState.STARTING);
    assertThat(waiting.pid()).isEmpty();
    one("user", now -> now.reason().equals(java.util.Optional.of("waits for base to be ready")));

    Files.writeString(open, "");
    one("base", now -> now.state() == InstanceState.READY);
    InstanceStatus first = one("user", now -> now.state() == InstanceState.READY);

    // While the other is not ready it goes on; after its own end it waits again.
    Files.delete(open);
    one("base", now -> now.state() == InstanceState.STARTING);
    assertThat(one("user", now -> true).pid()).isEqualTo(first.pid());
    Pids.kill(first.pid().orElseThrow());
    one("user", now -> now.reason().orElse("").equals("waits for base to be ready"));
    Files.writeString(open, "");
    one("user", now -> now.state() == InstanceState.READY && !now.pid().equals(first.pid()));

    LocalHost.Told told = cluster.host("host1").nsmctl("stop", "base", "user", "--timeout", "60s");
    assertThat(told.code()).as(told.words()).isZero();
    assertThat(Files.readAllLines(order)).containsExactly("user", "base");
  }

  private InstanceStatus one(String process, Predicate<InstanceStatus> condition) {
    ProcessStatus found =
        cluster.await(
            "so",
            process,
            now -> now.instances().size() == 1 && condition.test(now.instances().get(0)));
    return found.instances().get(0);
  }
}
