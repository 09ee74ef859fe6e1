package io.nsm.supervisor.grid.quorum;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.B;
import static io.nsm.supervisor.grid.Grids.C;
import static io.nsm.supervisor.grid.Grids.IMPORTER;
import static io.nsm.supervisor.grid.Grids.await;
import static io.nsm.supervisor.grid.Grids.awaitAvailable;
import static io.nsm.supervisor.grid.Grids.awaitHealth;
import static io.nsm.supervisor.grid.Grids.bytes;
import static io.nsm.supervisor.grid.Grids.fencedPut;
import static io.nsm.supervisor.grid.Grids.get;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static io.nsm.supervisor.grid.Grids.ref;
import static io.nsm.supervisor.grid.Grids.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.grid.quorum.QuorumGridTest.QuorumHosts;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults that only a network and disks of our own can have. */
class GenerationsIT {
  private static final HostName D = new HostName("d");
  private static final byte[] STATE = bytes("state");
  private static final CheckpointRef REF = ref(1, 1, "state");
  private final QuorumHosts hosts = new QuorumHosts(Set.of(A, B, C));

  GenerationsIT() {
    awaitAvailable(hosts, Set.of(A, B, C));
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  @Test
  void a_leader_that_is_cut_off_and_has_not_noticed_neither_reads_nor_writes() {
    written(hosts.on(A), put("k", "old"));
    hosts.network.cut(A, B);
    hosts.network.cut(A, C);
    assertThat(perform(hosts.on(A), new MapOperation.Get("m", "k")))
        .isInstanceOf(MapResult.Unknown.class);
    assertThat(perform(hosts.on(A), put("k", "lost"))).isInstanceOf(MapResult.Unknown.class);
    hosts.network.notice();
    assertThat(read(hosts.on(B), "k")).contains("old");
    written(hosts.on(C), put("k", "new"));
    hosts.network.heal();
    assertThat(read(hosts.on(A), "k")).contains("new");
  }

  @Test
  void a_leader_that_the_others_take_for_lost_does_not_read_what_is_old() {
    written(hosts.on(A), put("k", "old"));
    hosts.network.suspect(A);
    written(hosts.on(B), put("k", "new"));
    assertThat(read(hosts.on(A), "k")).contains("new");
  }

  @Test
  void a_leader_that_the_others_take_for_lost_does_not_overwrite_what_is_new() {
    written(hosts.on(A), put("k", "old"));
    hosts.network.suspect(A);
    written(hosts.on(B), put("k", "new"));
    assertThat(perform(hosts.on(A), put("k", "late"))).isInstanceOf(MapResult.Unknown.class);
    assertThat(read(hosts.on(B), "k")).contains("new");
    assertThat(read(hosts.on(C), "k")).contains("new");
  }

  @Test
  void a_write_that_only_a_cut_off_host_has_never_appears_later() {
    written(hosts.on(A), fencedPut(1, "old"));
    hosts.network.cutOneWay(B, A);
    hosts.network.cutOneWay(C, A);
    hosts.network.cut(A, B);
    assertThat(perform(hosts.on(A), fencedPut(1, "stale"))).isInstanceOf(MapResult.Unknown.class);
    hosts.network.cut(A, C);
    hosts.network.notice();
    hosts.stop(C);
    hosts.start(C);
    hosts.network.heal();
    assertThat(get(hosts.on(B).raiseFence(IMPORTER, new Epoch(2)))).isEqualTo(Grid.Stored.DONE);
    String seen = read(hosts.on(B), "k").orElseThrow();
    for (HostName host : Set.of(A, B, C)) {
      hosts.stop(host);
      HostName other = host.equals(A) ? B : A;
      assertThat(read(hosts.on(other), "k")).contains(seen);
      hosts.start(host);
      assertThat(read(hosts.on(host), "k")).contains(seen);
    }
  }

  @Test
  void a_silent_member_is_left_out_and_taken_in_again() {
    hosts.network.cut(A, C);
    hosts.network.cut(B, C);
    written(hosts.on(B), put("k", "1"));
    hosts.network.notice();
    awaitHealth(hosts.on(A), "DEGRADED: without [c]");
    hosts.network.heal();
    awaitHealth(hosts.on(C), "available");
    hosts.stop(A);
    assertThat(read(hosts.on(C), "k")).contains("1");
  }

  @Test
  void raises_a_fence_although_a_member_is_silent_and_still_in_view() {
    hosts.network.cut(A, C);
    hosts.network.cut(B, C);
    long began = System.nanoTime();
    assertThat(get(hosts.on(B).raiseFence(IMPORTER, new Epoch(3)))).isEqualTo(Grid.Stored.DONE);
    assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
    hosts.network.notice();
    hosts.network.heal();
    hosts.stop(B);
    assertThat(perform(hosts.on(C), fencedPut(2, "stale")))
        .isEqualTo(new MapResult.Fenced(new Epoch(3)));
  }

  @Test
  void an_emptied_voter_does_not_stand_in_for_the_data_it_lost() {
    hosts.stop(C);
    written(hosts.on(A), put("k", "new"));
    hosts.stop(A);
    hosts.stop(B);
    hosts.maps(B).empty();
    hosts.start(B);
    hosts.start(C);
    assertThat(perform(hosts.on(C), new MapOperation.Get("m", "k")))
        .isInstanceOf(MapResult.Unknown.class);
    hosts.start(A);
    assertThat(read(hosts.on(C), "k")).contains("new");
  }

  @Test
  void a_voter_that_never_took_part_counts_although_it_was_never_filled() {
    try (QuorumHosts young = new QuorumHosts(Set.of(A, B, C), Set.of(A, B))) {
      written(young.on(A), put("k", "1"));
      young.stop(A);
      young.start(C);

      assertThat(read(young.on(C), "k")).contains("1");
      written(young.on(C), put("k", "2"));
    }
  }

  @Test
  void a_voter_whose_disk_fails_acknowledges_nothing_more_and_the_others_go_on() {
    hosts.maps(C).fail();
    written(hosts.on(B), put("k", "1"));
    assertThat(read(hosts.on(A), "k")).contains("1");
    awaitHealth(hosts.on(A), "DEGRADED: without [c]");
  }

  @Test
  void a_damaged_record_stops_the_start_and_says_what_to_do() {
    written(hosts.on(A), put("k", "1"));
    hosts.stop(C);
    hosts.maps(C).spoil();
    assertThatThrownBy(() -> hosts.start(C))
        .hasMessageContaining("is damaged; with a majority of other voters running");
  }

  @Test
  void a_damaged_copy_of_a_checkpoint_is_not_used() {
    get(hosts.on(A).store(REF, STATE));
    hosts.checkpoints(A).spoil();
    assertThat(get(hosts.on(A).find(REF))).isInstanceOf(Grid.Bytes.class);
    hosts.checkpoints(A).spoil();
    hosts.checkpoints(B).spoil();
    hosts.checkpoints(C).spoil();
    assertThat(get(hosts.on(B).find(REF))).isInstanceOf(Grid.Found.class);
  }

  @Test
  void a_voter_that_was_away_fetches_the_checkpoints_it_missed() {
    hosts.stop(C);
    get(hosts.on(A).store(REF, STATE));
    hosts.start(C);
    await(() -> !hosts.checkpoints(C).keys().isEmpty());
    hosts.stop(A);
    hosts.stop(B);
    assertThat(get(hosts.on(C).find(REF))).isInstanceOf(Grid.Bytes.class);
  }

  @Test
  void a_host_that_does_not_vote_uses_the_copies_of_the_voters() {
    hosts.start(D);
    written(hosts.on(D), put("k", "1"));
    assertThat(read(hosts.on(D), "k")).contains("1");
    assertThat(get(hosts.on(D).store(REF, STATE))).isEqualTo(Grid.Stored.DONE);
    assertThat(get(hosts.on(D).find(REF))).isInstanceOf(Grid.Bytes.class);
    assertThat(hosts.on(D).health()).isEqualTo("available");
  }
}
