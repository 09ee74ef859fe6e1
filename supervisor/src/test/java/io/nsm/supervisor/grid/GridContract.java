package io.nsm.supervisor.grid;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.IMPORTER;
import static io.nsm.supervisor.grid.Grids.awaitAvailable;
import static io.nsm.supervisor.grid.Grids.awaitHealth;
import static io.nsm.supervisor.grid.Grids.bytes;
import static io.nsm.supervisor.grid.Grids.fencedPut;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static io.nsm.supervisor.grid.Grids.ref;
import static io.nsm.supervisor.grid.Grids.remove;
import static io.nsm.supervisor.grid.Grids.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.grid.Grids.Hosts;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every grid keeps to, with one voter and with three. */
public abstract class GridContract {

  private Optional<Hosts> running = Optional.empty();

  /** All hosts running, all of them voters. */
  protected abstract Hosts start(Set<HostName> voters);

  protected final Hosts hosts(HostName... voters) {
    Hosts hosts = start(Set.of(voters));
    running = Optional.of(hosts);
    awaitAvailable(hosts, Set.of(voters));
    return hosts;
  }

  @AfterEach
  final void closeHosts() {
    running.ifPresent(Hosts::close);
  }

  @Test
  void finds_stored_bytes_on_every_host() {
    Hosts hosts = hosts(A, B, C);
    CheckpointRef ref = ref(1, 1, "state");
    assertThat(get(hosts.on(A).store(ref, bytes("state")))).isEqualTo(Grid.Stored.DONE);
    for (HostName host : ALL) {
      assertThat(get(hosts.on(host).find(ref))).isInstanceOf(Grid.Bytes.class);
    }
  }

  @Test
  void refuses_bytes_that_are_not_the_ones_named() {
    Grid grid = hosts(A).on(A);
    assertThatThrownBy(() -> grid.store(ref(1, 1, "state"), bytes("other")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tells_nowhere_from_unreachable() {
    Hosts hosts = hosts(A, B, C);
    assertThat(get(hosts.on(A).find(ref(1, 1, "never")))).isInstanceOf(Grid.Nowhere.class);
    hosts.stop(C);
    assertThat(get(hosts.on(A).find(ref(1, 1, "never"))))
        .isEqualTo(new Grid.Unreachable(List.of("c")));
  }

  @Test
  void keeps_a_checkpoint_while_a_minority_is_lost_and_over_a_full_restart() {
    Hosts hosts = hosts(A, B, C);
    CheckpointRef ref = ref(1, 1, "state");
    assertThat(get(hosts.on(A).store(ref, bytes("state")))).isEqualTo(Grid.Stored.DONE);
    hosts.stop(A);
    assertThat(get(hosts.on(B).find(ref))).isInstanceOf(Grid.Bytes.class);
    hosts.stop(B);
    hosts.stop(C);
    hosts.start(C);
    hosts.start(B);
    assertThat(get(hosts.on(C).find(ref))).isInstanceOf(Grid.Bytes.class);
  }

  @Test
  void does_not_call_a_checkpoint_stored_without_a_majority() {
    Hosts hosts = hosts(A, B, C);
    hosts.stop(B);
    hosts.stop(C);
    CheckpointRef ref = ref(1, 1, "state");
    assertThat(get(hosts.on(A).store(ref, bytes("state")))).isEqualTo(Grid.Stored.UNKNOWN);
  }

  @Test
  void removes_what_is_older_than_the_last_two() {
    Grid grid = hosts(A).on(A);
    for (int n = 1; n <= 3; n++) {
      get(grid.store(ref(1, n, "s" + n), bytes("s" + n)));
    }
    get(grid.removeOlder(ref(1, 3, "s3"), Optional.of(ref(1, 2, "s2"))));
    assertThat(get(grid.find(ref(1, 1, "s1")))).isInstanceOf(Grid.Nowhere.class);
    assertThat(get(grid.find(ref(1, 2, "s2")))).isInstanceOf(Grid.Bytes.class);
    assertThat(get(grid.find(ref(1, 3, "s3")))).isInstanceOf(Grid.Bytes.class);
  }

  @Test
  void performs_the_operations_of_a_map() {
    Grid grid = hosts(A).on(A);
    assertThat(read(grid, "k")).isEmpty();
    long first = written(grid, put("k", "1"));
    assertThat(read(grid, "k")).contains("1");
    assertThat(perform(grid, new MapOperation.PutIfAbsent("m", "k", bytes("2"), Optional.empty())))
        .isInstanceOf(MapResult.Refused.class);
    long second =
        written(grid, new MapOperation.Replace("m", "k", first, bytes("3"), Optional.empty()));
    assertThat(second).isGreaterThan(first);
    assertThat(
            perform(grid, new MapOperation.Replace("m", "k", first, bytes("4"), Optional.empty())))
        .isInstanceOf(MapResult.Refused.class);
    assertThat(perform(grid, remove("k"))).isEqualTo(new MapResult.Written(0));
    assertThat(perform(grid, remove("k"))).isEqualTo(new MapResult.Refused(List.of()));
    assertThat(written(grid, put("k", "5"))).isGreaterThan(second);
  }

  @Test
  void lists_the_entries_of_one_map_under_a_prefix_in_order() {
    Grid grid = hosts(A).on(A);
    for (String key : List.of("b/2", "b/1", "a", "b", "c")) {
      written(grid, put(key, key));
    }
    written(grid, new MapOperation.Put("other", "b/3", bytes("x"), Optional.empty()));
    MapResult listed = perform(grid, new MapOperation.ListEntries("m", "b/"));
    assertThat(((MapResult.Entries) listed).entries())
        .extracting(MapResult.Entry::key)
        .containsExactly("b/1", "b/2");
  }

  @Test
  void lists_more_than_fits_one_message() {
    Grid grid = hosts(A).on(A);
    byte[] large = new byte[700_000];
    for (int i = 0; i < 5; i++) {
      written(grid, new MapOperation.Put("m", "k" + i, large, Optional.empty()));
    }
    MapResult listed = perform(grid, new MapOperation.ListEntries("m", ""));
    assertThat(((MapResult.Entries) listed).entries())
        .extracting(MapResult.Entry::key)
        .containsExactly("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void every_host_reads_what_another_has_put() {
    Hosts hosts = hosts(A, B, C);
    List<HostName> order = List.of(A, B, C);
    for (int i = 0; i < 60; i++) {
      written(hosts.on(order.get(i % 3)), put("k" + i % 4, "v" + i));
      assertThat(read(hosts.on(order.get((i + 1) % 3)), "k" + i % 4)).contains("v" + i);
    }
  }

  @Test
  void refuses_writes_of_an_older_epoch_on_every_host_after_the_fence_was_raised() {
    Hosts hosts = hosts(A, B, C);
    written(hosts.on(A), fencedPut(1, "old"));
    assertThat(get(hosts.on(B).raiseFence(IMPORTER, new Epoch(2)))).isEqualTo(Grid.Stored.DONE);
    for (HostName host : ALL) {
      assertThat(perform(hosts.on(host), fencedPut(1, "stale")))
          .isEqualTo(new MapResult.Fenced(new Epoch(2)));
    }
    written(hosts.on(C), fencedPut(2, "new"));
    assertThat(read(hosts.on(A), "k")).contains("new");
  }

  @Test
  void never_lowers_a_fence() {
    Grid grid = hosts(A).on(A);
    get(grid.raiseFence(IMPORTER, new Epoch(5)));
    assertThat(get(grid.raiseFence(IMPORTER, new Epoch(3)))).isEqualTo(Grid.Stored.DONE);
    assertThat(perform(grid, fencedPut(4, "stale"))).isEqualTo(new MapResult.Fenced(new Epoch(5)));
  }

  @Test
  void keeps_a_fence_when_each_host_in_turn_was_away() {
    Hosts hosts = hosts(A, B, C);
    get(hosts.on(A).raiseFence(IMPORTER, new Epoch(7)));
    for (HostName host : List.of(A, B, C)) {
      hosts.stop(host);
      HostName other = host.equals(A) ? B : A;
      assertThat(perform(hosts.on(other), fencedPut(6, "stale")))
          .isEqualTo(new MapResult.Fenced(new Epoch(7)));
      hosts.start(host);
      assertThat(perform(hosts.on(host), fencedPut(6, "stale")))
          .isEqualTo(new MapResult.Fenced(new Epoch(7)));
    }
  }

  @Test
  void keeps_what_was_removed_removed_when_the_host_that_was_away_is_alone_with_one_other() {
    Hosts hosts = hosts(A, B, C);
    written(hosts.on(A), put("gone", "1"));
    hosts.stop(C);
    perform(hosts.on(A), remove("gone"));
    written(hosts.on(A), put("kept", "2"));
    hosts.start(C);
    assertThat(read(hosts.on(C), "gone")).isEmpty();
    hosts.stop(A);
    assertThat(read(hosts.on(C), "gone")).isEmpty();
    assertThat(read(hosts.on(C), "kept")).contains("2");
  }

  @Test
  void keeps_the_maps_over_a_full_restart_whoever_starts_first() {
    for (List<HostName> order : List.of(List.of(A, B, C), List.of(C, B, A), List.of(B, C, A))) {
      try (Hosts hosts = start(ALL)) {
        awaitAvailable(hosts, ALL);
        written(hosts.on(A), put("gone", "1"));
        written(hosts.on(A), put("k", "old"));
        hosts.stop(order.get(0));
        written(hosts.on(order.get(1)), put("k", "new"));
        perform(hosts.on(order.get(1)), remove("gone"));
        hosts.stop(order.get(1));
        hosts.stop(order.get(2));
        for (HostName host : order) {
          hosts.start(host);
        }
        assertThat(read(hosts.on(order.get(0)), "k")).contains("new");
        assertThat(read(hosts.on(order.get(0)), "gone")).isEmpty();
      }
    }
  }

  @Test
  void keeps_the_maps_of_a_single_host_over_its_restart() {
    Hosts hosts = hosts(A);
    written(hosts.on(A), put("k", "1"));
    hosts.stop(A);
    hosts.start(A);
    assertThat(read(hosts.on(A), "k")).contains("1");
  }

  @Test
  void refuses_operations_on_maps_without_a_majority() {
    Hosts hosts = hosts(A, B, C);
    written(hosts.on(A), put("k", "1"));
    hosts.stop(A);
    hosts.stop(B);
    assertThat(perform(hosts.on(C), new MapOperation.Get("m", "k")))
        .isInstanceOf(MapResult.Unknown.class);
    assertThat(perform(hosts.on(C), put("k", "2"))).isInstanceOf(MapResult.Unknown.class);
    assertThat(get(hosts.on(C).raiseFence(IMPORTER, new Epoch(1)))).isEqualTo(Grid.Stored.UNKNOWN);
    assertThat(hosts.on(C).health()).startsWith("unavailable");
    hosts.start(B);
    assertThat(read(hosts.on(C), "k")).contains("1");
  }

  @Test
  void says_who_is_missing() {
    Hosts hosts = hosts(A, B, C);
    hosts.stop(C);
    awaitHealth(hosts.on(A), "DEGRADED: without [c]");
  }

  @Test
  void takes_the_largest_key_and_value_and_refuses_larger_ones() {
    Grid grid = hosts(A).on(A);
    String key = "k".repeat(MapOperation.MAX_KEY_BYTES);
    byte[] value = new byte[io.nsm.process.SharedMap.MAX_VALUE_SIZE];
    written(grid, new MapOperation.Put("m", key, value, Optional.empty()));
    assertThat(perform(grid, new MapOperation.Get("m", key)))
        .isInstanceOfSatisfying(
            MapResult.Entries.class,
            found -> assertThat(found.entries().get(0).value()).hasSize(value.length));
    assertThatThrownBy(() -> new MapOperation.Get("m", key + "k"))
        .hasMessageContaining("1025 bytes, more than 1024");
    assertThatThrownBy(() -> put("k", "x".repeat(value.length + 1)))
        .hasMessageContaining("1048577 bytes, more than 1048576");
    assertThatThrownBy(() -> new MapOperation.Get("M/x", "k")).hasMessageContaining("not a name");
  }
}
