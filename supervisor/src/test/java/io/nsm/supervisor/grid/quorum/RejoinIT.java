package io.nsm.supervisor.grid.quorum;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.awaitAvailable;
import static io.nsm.supervisor.grid.Grids.awaitHealth;

import io.nsm.supervisor.grid.Acknowledged;
import io.nsm.supervisor.grid.quorum.QuorumGridTest.QuorumHosts;
import io.nsm.supervisor.model.HostName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hosts that stop and come back, with what they had then: nothing acknowledged is lost by it, and
 * nothing removed comes back.
 */
class RejoinIT {
  private static final List<List<HostName>> ORDERS =
      List.of(
          List.of(A, B, C),
          List.of(A, C, B),
          List.of(B, A, C),
          List.of(B, C, A),
          List.of(C, A, B),
          List.of(C, B, A));

  private final QuorumHosts hosts = new QuorumHosts(ALL);
  private final Acknowledged acknowledged = new Acknowledged();

  RejoinIT() {
    awaitAvailable(hosts, ALL);
    acknowledged.change(hosts.on(A));
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  static Stream<List<HostName>> orders() {
    return ORDERS.stream();
  }

  private void demandOn(HostName... on) {
    for (HostName host : on) {
      acknowledged.demand(host, hosts.on(host), "with " + hosts.names());
    }
  }

  /** Changed after each that stops; whoever starts first, the stale one or the last. */
  @ParameterizedTest
  @MethodSource("orders")
  void a_full_restart_in_every_order_keeps_what_was_acknowledged(List<HostName> stops) {
    for (List<HostName> starts : ORDERS) {
      hosts.stop(stops.get(0));
      acknowledged.change(hosts.on(stops.get(2)));
      hosts.stop(stops.get(1));
      hosts.stop(stops.get(2));

      hosts.start(starts.get(0));
      hosts.start(starts.get(1));
      demandOn(starts.get(0), starts.get(1));
      acknowledged.change(hosts.on(starts.get(0)));
      hosts.start(starts.get(2));
      awaitAvailable(hosts, ALL);
      demandOn(starts.get(2));
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void a_restart_of_the_last_two_keeps_what_was_acknowledged(List<HostName> order) {
    hosts.stop(order.get(0));
    acknowledged.change(hosts.on(order.get(1)));
    hosts.stop(order.get(1));
    hosts.stop(order.get(2));

    hosts.start(order.get(1));
    hosts.start(order.get(2));

    demandOn(order.get(1), order.get(2));
    acknowledged.change(hosts.on(order.get(2)));
    hosts.start(order.get(0));
    awaitAvailable(hosts, ALL);
    hosts.stop(order.get(1));
    demandOn(order.get(0), order.get(2));
  }

  /** What was removed while a host was away does not come back with it, as it does by itself. */
  @ParameterizedTest
  @MethodSource("orders")
  void a_removed_entry_does_not_come_back_with_the_host_that_missed_it(List<HostName> order) {
    hosts.stop(order.get(0));
    acknowledged.change(hosts.on(order.get(1)));
    acknowledged.change(hosts.on(order.get(2)));
    hosts.start(order.get(0));
    hosts.stop(order.get(1));

    demandOn(order.get(0), order.get(2));
    acknowledged.change(hosts.on(order.get(0)));
    hosts.start(order.get(1));
    hosts.stop(order.get(2));
    demandOn(order.get(1), order.get(0));
  }

  /**
   * A disk of some time ago, as of a copy that was put back: it took part in more than it knows.
   */
  @ParameterizedTest
  @MethodSource("orders")
  void a_host_with_an_old_disk_takes_over_what_the_others_have(List<HostName> order) {
    HostName stale = order.get(0);
    hosts.stop(stale);
    MemoryDisk old = hosts.maps(stale).copy();
    hosts.start(stale);
    awaitAvailable(hosts, ALL);
    acknowledged.change(hosts.on(stale));
    hosts.stop(stale);
    hosts.maps(stale).become(old);
    hosts.stop(order.get(1));

    hosts.start(stale);

    demandOn(stale, order.get(2));
    hosts.start(order.get(1));
    awaitAvailable(hosts, ALL);
    hosts.stop(order.get(2));
    demandOn(stale, order.get(1));
  }

  @Test
  void a_host_that_stops_again_and_again_while_it_catches_up_harms_nothing() {
    hosts.stop(C);
    acknowledged.change(hosts.on(A));
    for (int i = 0; i < 10; i++) {
      hosts.start(C);
      acknowledged.change(hosts.on(B));
      hosts.stop(C);
    }
    hosts.start(C);
    awaitHealth(hosts.on(C), "available");
    hosts.stop(A);
    demandOn(C, B);
  }

  /** Two that were away at different times, of which each missed what the other has. */
  @Test
  void two_hosts_that_missed_different_changes_make_up_the_newest_state() {
    hosts.stop(A);
    acknowledged.change(hosts.on(B));
    hosts.start(A);
    awaitAvailable(hosts, ALL);
    hosts.stop(B);
    acknowledged.change(hosts.on(C));
    hosts.stop(A);
    hosts.stop(C);

    hosts.start(B);
    hosts.start(A);

    demandOn(A, B);
  }
}
