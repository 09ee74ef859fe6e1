package io.nsm.supervisor.ledger.raft;

import static io.nsm.supervisor.ledger.raft.Members.A;
import static io.nsm.supervisor.ledger.raft.Members.B;
import static io.nsm.supervisor.ledger.raft.Members.C;
import static io.nsm.supervisor.ledger.raft.Members.LONG;
import static io.nsm.supervisor.ledger.raft.Members.await;
import static io.nsm.supervisor.ledger.raft.Members.awaitTrue;
import static io.nsm.supervisor.ledger.raft.Members.carriesEntries;
import static io.nsm.supervisor.ledger.raft.Members.done;
import static io.nsm.supervisor.ledger.raft.Members.everywhere;
import static io.nsm.supervisor.ledger.raft.Members.isAnswerOf;
import static io.nsm.supervisor.ledger.raft.Members.leader;
import static io.nsm.supervisor.ledger.raft.Members.open;
import static io.nsm.supervisor.ledger.raft.Members.startAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Journal;
import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.Ledger.Rejected;
import io.nsm.supervisor.ledger.Ledger.Unknown;
import io.nsm.supervisor.ledger.LedgerContract.Member;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedules that broke other libraries, and what a lagging or cut-off member must not do. */
class RaftFaultsIT {
  private static final HostName D = new HostName("d");
  private static final HostName E = new HostName("e");

  private final Path root;
  private final List<Cluster> clusters = new ArrayList<>();

  RaftFaultsIT(@TempDir Path root) {
    this.root = root;
  }

  @AfterEach
  void end() {
    clusters.forEach(Cluster::close);
  }

  private Cluster cluster(List<HostName> voters, List<HostName> others, long snapshotEvery) {
    Cluster cluster = new Cluster(root, voters, others, snapshotEvery);
    clusters.add(cluster);
    return cluster;
  }

  private Cluster cluster(List<HostName> voters) {
    return cluster(voters, List.of(), RaftConfig.SNAPSHOT_EVERY);
  }

  /** Raft paper, figure 8: an entry of an old term on a majority may still be overwritten. */
  @Test
  void an_entry_of_an_older_term_is_not_committed_by_counting_its_copies() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    List<Member> members = startAll(cluster, List.of(A, B, C));
    Member first = leader(members);
    List<Member> rest = new ArrayList<>(members);
    rest.remove(first);
    done(first, "start");
    everywhere(members, "start");

    // The first leader writes x1 to itself only.
    cluster.network().isolate(first.host());
    CompletionStage<Outcome> x1 = first.ledger().append(Journal.bytes("x1"));
    Member second = leader(rest);
    Member third = rest.get(0) == second ? rest.get(1) : rest.get(0);
    // The second one writes x2 to itself only.
    cluster.network().isolate(second.host());
    CompletionStage<Outcome> x2 = second.ledger().append(Journal.bytes("x2"));
    // The first and the third can talk: whoever wins replicates to the other.
    open(cluster, first.host(), third.host());
    Member next =
        leader(List.of(first, third), Math.max(first.part().term(), second.part().term()));
    // What it commits it keeps, whoever comes next.
    done(next, "x3");
    cluster.network().heal();

    done(second, "after");

    List<String> there = everywhere(members, "after").get(0);
    assertThat(everywhere(members, "after")).allMatch(there::equals);
    assertThat(there).contains("start", "x3", "after").doesNotHaveDuplicates();
    if (await(x1) instanceof Done) {
      assertThat(there).contains("x1");
    }
    if (await(x2) instanceof Done) {
      assertThat(there).contains("x2");
    }
  }

  /** Two acknowledgements of a term that ended must not make up a majority of five. */
  @Test
  void late_answers_to_a_leader_of_an_older_term_commit_nothing() throws Exception {
    List<HostName> hosts = List.of(A, B, C, D, E);
    Cluster cluster = cluster(hosts);
    List<Member> members = startAll(cluster, hosts);
    Member old = leader(members);
    done(old, "start");
    everywhere(members, "start");
    List<HostName> others = new ArrayList<>(hosts);
    others.remove(old.host());
    // Two followers get the entry, their answers are held; the other two are cut off.
    cluster.network().hold(passage -> isAnswerOf(passage, others.subList(0, 2), old.host()));
    cluster.network().cut(old.host(), others.get(2));
    cluster.network().cut(old.host(), others.get(3));
    CompletionStage<Outcome> outcome = old.ledger().append(Journal.bytes("phantom"));
    awaitTrue(() -> cluster.network().held().size() >= 2);
    Member next =
        leader(members.stream().filter(member -> member != old).toList(), old.part().term());
    cluster.network().isolate(old.host());

    cluster.network().deliver(passage -> true);

    done(next, "after");
    cluster.network().heal();
    List<String> there = everywhere(members, "after").get(0);
    assertThat(everywhere(members, "after")).allMatch(there::equals);
    if (await(outcome) instanceof Done) {
      assertThat(there).contains("phantom");
    }
  }

  /**
   * What the others committed at index 0 is not what it has there. It must not commit its own, as
   * it could then never be overwritten.
   */
  @Test
  void a_first_leader_whose_start_nobody_got_catches_up_with_the_second() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    CompletableFuture<HostName> alone = new CompletableFuture<>();
    cluster
        .network()
        .lose(
            passage -> {
              if (!carriesEntries(passage)) {
                return false;
              }
              alone.complete(passage.from());
              return passage.from().equals(alone.join());
            });
    List<Member> members = startAll(cluster, List.of(A, B, C));
    HostName first = alone.get(40, TimeUnit.SECONDS);
    cluster.network().isolate(first);
    List<Member> rest = members.stream().filter(member -> !member.host().equals(first)).toList();
    done(leader(rest), "second");

    cluster.network().heal();

    assertThat(everywhere(members, "second")).allMatch(List.of("second")::equals);
    assertThat(members).allMatch(member -> member.part().failure().isEmpty());
  }

  @Test
  void a_member_that_was_away_catches_up_by_a_snapshot_and_has_everything() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C), List.of(), 50);
    List<Member> members = new ArrayList<>(startAll(cluster, List.of(A, B, C)));
    Member leader = leader(members);
    Member away = members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    done(away, "first");
    cluster.stop(away);
    List<String> expected = new ArrayList<>(List.of("first"));
    for (int i = 0; i < 300; i++) {
      done(leader, "c" + i);
      expected.add("c" + i);
    }

    Member back = cluster.start(away.host());
    done(back, "last");
    expected.add("last");

    assertThat(back.journal().await(all -> all.contains("last"), LONG)).isEqualTo(expected);
    assertThat(back.part().failure()).isEmpty();
  }

  @Test
  void a_restart_after_snapshots_keeps_everything() throws Exception {
    Cluster cluster = cluster(List.of(A), List.of(), 50);
    Member alone = cluster.start(A);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 230; i++) {
      done(alone, "c" + i);
      expected.add("c" + i);
    }
    cluster.stop(alone);

    Member again = cluster.start(A);

    assertThat(again.journal().await(expected::equals, LONG)).isEqualTo(expected);
  }

  @Test
  void a_host_that_does_not_vote_has_its_copy_and_forwards() throws Exception {
    Cluster cluster = cluster(List.of(A), List.of(B), RaftConfig.SNAPSHOT_EVERY);
    Member voter = cluster.start(A);
    Member copy = cluster.start(B);
    leader(List.of(voter));

    done(copy, "from b");
    done(voter, "from a");

    assertThat(copy.journal().await(all -> all.contains("from a"), LONG))
        .containsExactly("from b", "from a");
    assertThat(copy.part().leads()).isFalse();
    assertThat(copy.part().leader()).contains(A);
  }

  @Test
  void a_host_that_is_added_later_gets_a_copy() throws Exception {
    Cluster before = cluster(List.of(A));
    Member voter = before.start(A);
    done(voter, "before");
    before.close();
    Cluster cluster = cluster(List.of(A), List.of(B), RaftConfig.SNAPSHOT_EVERY);
    cluster.start(A);

    Member copy = cluster.start(B);

    assertThat(copy.journal().await(all -> all.contains("before"), LONG)).containsExactly("before");
    done(copy, "after");
  }

  @Test
  void followers_learn_what_is_committed_at_once_and_not_by_the_next_heartbeat() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    List<Member> members = startAll(cluster, List.of(A, B, C));
    Member leader = leader(members);
    done(leader, "warm");
    everywhere(members, "warm");
    List<Long> millis = new ArrayList<>();

    for (int i = 0; i < 50; i++) {
      String command = "c" + i;
      done(leader, command);
      long begin = System.nanoTime();
      everywhere(members, command);
      millis.add((System.nanoTime() - begin) / 1_000_000);
    }

    millis.sort(null);
    // The heartbeat is 250 ms: without the news the median would be above 100.
    assertThat(millis.get(25)).as("median lag of the last follower, ms").isLessThan(60);
  }

  @Test
  void a_bug_in_the_state_machine_ends_the_member_loudly() throws Exception {
    Cluster cluster = cluster(List.of(A));
    Member alone = cluster.start(A);
    leader(List.of(alone));

    Outcome outcome = await(alone.ledger().submit(Journal.bytes("throw"), Duration.ofSeconds(2)));

    assertThat(outcome).isNotInstanceOf(Done.class);
    assertThat(alone.part().awaitFailure(LONG).orElse("nothing")).contains("a bug");
  }

  @Test
  void the_next_leader_writes_soon_after_the_end_of_the_last() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    List<Member> members = new ArrayList<>(startAll(cluster, List.of(A, B, C)));
    Member leader = leader(members);
    done(leader, "before");
    members.remove(leader);

    long begin = System.nanoTime();
    cluster.unplug(leader);
    done(members.get(0), "after");
    long millis = (System.nanoTime() - begin) / 1_000_000;

    System.out.println("end of the leader to the next write: " + millis + " ms");
    assertThat(millis).isLessThan(10_000);
  }

  @Test
  void an_entry_that_no_follower_has_flushed_is_not_acknowledged() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    List<Member> members = startAll(cluster, List.of(A, B, C));
    Member leader = leader(members);
    done(leader, "before");
    everywhere(members, "before");
    CompletableFuture<Void> disk = new CompletableFuture<>();
    AtomicInteger waiting = new AtomicInteger();
    cluster.flushesOfFollowers(
        index -> {
          waiting.incrementAndGet();
          return disk;
        });

    CompletionStage<Outcome> outcome = leader.ledger().append(Journal.bytes("slow"));
    awaitTrue(() -> waiting.get() == 2);

    // Sent again and again, as no answer comes in time: that must not count either.
    AtomicInteger again = new AtomicInteger();
    cluster
        .network()
        .lose(passage -> passage.service().equals("raft") && again.incrementAndGet() < 0);
    awaitTrue(() -> again.get() >= 6);

    assertThat(leader.journal().commands()).doesNotContain("slow");
    disk.complete(null);
    // By now the leader may have stepped down, as nobody answered; then it is unknown.
    assertThat(await(outcome)).isNotInstanceOf(Rejected.class);
    done(leader, "after");
    List<String> there = everywhere(members, "after").get(0);
    assertThat(everywhere(members, "after")).allMatch(there::equals);
  }

  @Test
  void an_entry_that_followers_failed_to_flush_is_never_done_and_they_end() throws Exception {
    Cluster cluster = cluster(List.of(A, B, C));
    List<Member> members = startAll(cluster, List.of(A, B, C));
    Member leader = leader(members);
    done(leader, "before");
    everywhere(members, "before");
    cluster.flushesOfFollowers(
        index -> CompletableFuture.failedFuture(new IOException("No space left on device")));

    Outcome outcome = await(leader.ledger().append(Journal.bytes("lost")));

    assertThat(outcome).isInstanceOf(Unknown.class);
    for (Member member : members) {
      assertThat(member.journal().commands()).containsExactly("before");
      if (member != leader) {
        assertThat(member.part().awaitFailure(LONG).orElse("nothing")).contains("No space left");
      }
    }
  }
}
