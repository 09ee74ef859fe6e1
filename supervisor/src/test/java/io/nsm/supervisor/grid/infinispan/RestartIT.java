package io.nsm.supervisor.grid.infinispan;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.awaitAvailable;

import io.nsm.supervisor.grid.Acknowledged;
import io.nsm.supervisor.grid.infinispan.InfinispanGridIT.DiskHosts;
import io.nsm.supervisor.model.HostName;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restarts with Infinispan's stores on a real disk, whose own merging would bring back what was
 * removed; more orders of them, with disks in memory: {@code RejoinIT}.
 */
class RestartIT {
  private final DiskHosts hosts;
  private final Acknowledged acknowledged = new Acknowledged();

  RestartIT(@TempDir Path directory) {
    hosts = new DiskHosts(ALL, directory.resolve("hosts"));
    awaitAvailable(hosts, ALL);
    acknowledged.change(hosts.on(A));
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  private void demandOn(String when, HostName... on) {
    for (HostName host : on) {
      acknowledged.demand(host, hosts.on(host), when);
    }
  }

  static Stream<List<HostName>> orders() {
    return Stream.of(
        List.of(A, B, C),
        List.of(A, C, B),
        List.of(B, A, C),
        List.of(B, C, A),
        List.of(C, A, B),
        List.of(C, B, A));
  }

  /** The one that stopped first, and missed most, starts first; then the last of all starts. */
  @ParameterizedTest
  @MethodSource("orders")
  void a_full_restart_keeps_what_was_acknowledged_whoever_stops_first(List<HostName> order) {
    HostName first = order.get(0);
    HostName second = order.get(1);
    HostName last = order.get(2);
    hosts.stop(first);
    acknowledged.change(hosts.on(last));
    hosts.stop(second);
    hosts.stop(last);

    hosts.start(first);
    hosts.start(last);
    demandOn("with the first and the last", first, last);
    acknowledged.change(hosts.on(first));
    hosts.start(second);
    awaitAvailable(hosts, ALL);
    hosts.stop(last);
    demandOn("without the last", first, second);
  }

  @Test
  void the_last_two_that_stopped_have_everything_and_the_third_takes_it_over() {
    hosts.stop(A);
    acknowledged.change(hosts.on(B));
    hosts.stop(B);
    hosts.stop(C);

    hosts.start(C);
    hosts.start(B);

    demandOn("with the last two", B, C);
    hosts.start(A);
    awaitAvailable(hosts, ALL);
    hosts.stop(B);
    demandOn("with the one that was away", A, C);
  }

  @Test
  void a_host_whose_old_disk_was_put_back_takes_over_what_the_others_have() {
    hosts.stop(C);
    hosts.copy(C, "old");
    hosts.start(C);
    awaitAvailable(hosts, ALL);
    acknowledged.change(hosts.on(C));
    hosts.stop(C);
    hosts.remove(C);
    hosts.putBack(C, "old");
    hosts.stop(A);

    hosts.start(C);

    demandOn("with the old disk", C, B);
  }
}
