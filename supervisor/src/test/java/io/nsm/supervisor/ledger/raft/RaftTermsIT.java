package io.nsm.supervisor.ledger.raft;

import static io.nsm.supervisor.ledger.raft.Members.A;
import static io.nsm.supervisor.ledger.raft.Members.B;
import static io.nsm.supervisor.ledger.raft.Members.C;
import static io.nsm.supervisor.ledger.raft.Members.LONG;
import static io.nsm.supervisor.ledger.raft.Members.await;
import static io.nsm.supervisor.ledger.raft.Members.awaitTrue;
import static io.nsm.supervisor.ledger.raft.Members.carriesEntries;
import static io.nsm.supervisor.ledger.raft.Members.done;
import static io.nsm.supervisor.ledger.raft.Members.entries;
import static io.nsm.supervisor.ledger.raft.Members.everywhere;
import static io.nsm.supervisor.ledger.raft.Members.isAnswerOf;
import static io.nsm.supervisor.ledger.raft.Members.leader;
import static io.nsm.supervisor.ledger.raft.Members.open;
import static io.nsm.supervisor.ledger.raft.Members.startAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.channel.SimulatedNetwork;
import io.nsm.supervisor.channel.SimulatedNetwork.Passage;
import io.nsm.supervisor.ledger.Journal;
import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.LedgerContract.Member;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schedules around a change of leader: what of an older term must not count, or not stay behind.
 */
class RaftTermsIT {
  private static final List<HostName> VOTERS = List.of(A, B, C);

  private static final HostName D = new HostName("d");

  private final Path root;
  private Optional<Cluster> running = Optional.empty();

  RaftTermsIT(@TempDir Path root) {
    this.root = root;
  }

  @AfterEach
  void end() {
    running.ifPresent(Cluster::close);
  }

  private Cluster cluster(List<HostName> voters, List<HostName> others) {
    Cluster cluster = new Cluster(root, voters, others, RaftConfig.SNAPSHOT_EVERY);
    running = Optional.of(cluster);
    return cluster;
  }

  /**
   * The leader had sent the last entry, and the copy lacked all before it. Being told at once what
   * is committed must not take the place of being sent it.
   */
  @Test
  void a_copy_whose_disk_was_emptied_does_not_wait_for_more_commands_to_be_filled()
      throws Exception {
    Cluster cluster = cluster(VOTERS, List.of(D));
    List<Member> voters = startAll(cluster, VOTERS);
    Member copy = cluster.start(D);
    Member leader = leader(voters);
    done(leader, "before");
    everywhere(List.of(copy), "before");
    cluster.stop(copy);
    cluster.empty(D);

    SimulatedNetwork network = cluster.network();
    AtomicInteger answers = new AtomicInteger();
    network.lose(
        passage -> isAnswerOf(passage, List.of(D), leader.host()) && answers.incrementAndGet() < 0);
    Member again = cluster.start(D);
    awaitTrue(() -> answers.get() >= 2);

    // The last entry goes out before it is committed, and arrives after that.
    network.hold(passage -> passage.to().equals(D) && carriesEntries(passage));
    AtomicBoolean uncommitted = new AtomicBoolean(true);
    network.hold(passage -> uncommitted.get() && isAnswerOf(passage, VOTERS, leader.host()));
    CompletionStage<Outcome> last = leader.ledger().append(Journal.bytes("last"));
    awaitTrue(() -> network.held().stream().anyMatch(passage -> passage.to().equals(D)));
    uncommitted.set(false);
    network.deliver(Passage::answer);
    assertThat(await(last)).isInstanceOf(Done.class);
    network.holdNothing();
    network.deliver(passage -> true);

    assertThat(again.journal().await(all -> all.contains("last"), LONG))
        .containsExactly("before", "last");
  }

  /**
   * Raft paper, figure 8, to the end: entries of an old term get to a majority under a leader of
   * their own that has nothing of its newer term there yet, and are then overwritten by another.
   */
  @Test
  void an_older_entry_on_a_majority_is_not_applied_and_gives_way_to_a_newer_one() throws Exception {
    Cluster cluster = cluster(VOTERS, List.of());
    SimulatedNetwork network = cluster.network();
    List<Member> members = startAll(cluster, VOTERS);
    Member first = leader(members);
    done(first, "start");
    everywhere(members, "start");
    long oldTerm = first.part().term();

    // The first leader has entries that nobody else has, too large to go out at once.
    network.isolate(first.host());
    List<CompletionStage<Outcome>> old = new ArrayList<>();
    for (String name : List.of("x1", "x2", "x3")) {
      old.add(first.ledger().append(Journal.bytes(name + "-" + "x".repeat(400_000))));
    }
    // The second leader begins its term with an entry that nobody else gets.
    CompletableFuture<HostName> elected = new CompletableFuture<>();
    AtomicBoolean losing = new AtomicBoolean(true);
    network.lose(
        passage -> {
          if (passage.from().equals(first.host()) || !carriesEntries(passage)) {
            return false;
          }
          elected.complete(passage.from());
          return losing.get();
        });
    Member second = on(members, elected.get(40, TimeUnit.SECONDS));
    Member third =
        members.stream().filter(one -> one != first && one != second).findFirst().orElseThrow();
    network.isolate(second.host());
    // The first one leads again, with the third. Of its entries only the old ones get there.
    AtomicInteger withheld = new AtomicInteger();
    network.lose(
        passage ->
            passage.from().equals(first.host())
                && losing.get()
                && spansTerms(entries(passage), oldTerm)
                && withheld.incrementAndGet() > 0);
    open(cluster, first.host(), third.host());
    awaitTrue(() -> withheld.get() >= 3);

    assertThat(first.journal().commands()).containsExactly("start");
    assertThat(third.journal().commands()).containsExactly("start");
    network.isolate(first.host());
    losing.set(false);
    open(cluster, second.host(), third.host());
    assertThat(leader(List.of(second, third), oldTerm)).isEqualTo(second);
    done(second, "new");
    network.heal();

    assertThat(everywhere(members, "new")).allMatch(List.of("start", "new")::equals);
    for (CompletionStage<Outcome> outcome : old) {
      assertThat(await(outcome)).isNotInstanceOf(Done.class);
    }
  }

  private static boolean spansTerms(List<LogEntryProto> entries, long oldTerm) {
    return entries.stream().anyMatch(entry -> entry.getTerm() == oldTerm)
        && entries.stream().anyMatch(entry -> entry.getTerm() > oldTerm);
  }

  /** What a leader reads it reads by an entry of its own: a cut-off one cannot. */
  @Test
  void a_leader_that_has_not_noticed_that_another_leads_confirms_nothing() throws Exception {
    Cluster cluster = cluster(VOTERS, List.of());
    List<Member> members = new ArrayList<>(startAll(cluster, VOTERS));
    Member old = leader(members);
    members.remove(old);
    done(old, "before");
    everywhere(members, "before");
    cluster.network().isolate(old.host());
    CompletionStage<Outcome> earlier = old.ledger().append(Journal.bytes("earlier"));
    // The others notice at once, and elect another while the old one still waits for answers.
    members.forEach(member -> cluster.network().see(member.host(), old.host(), false));
    Member next = leader(members, old.part().term());
    done(next, "new");

    CompletionStage<Outcome> later = old.ledger().append(Journal.bytes("later"));
    cluster.network().heal();
    done(next, "last");

    assertThat(await(earlier)).isNotInstanceOf(Done.class);
    assertThat(await(later)).isNotInstanceOf(Done.class);
    assertThat(everywhere(List.of(old), "last").get(0)).containsExactly("before", "new", "last");
  }

  @Test
  void a_leader_that_cannot_flush_acknowledges_nothing_and_another_takes_over() throws Exception {
    Cluster cluster = cluster(VOTERS, List.of());
    List<Member> members = new ArrayList<>(startAll(cluster, VOTERS));
    Member leader = leader(members);
    members.remove(leader);
    done(leader, "before");
    cluster.flushesOfLeader(
        index -> CompletableFuture.failedFuture(new IOException("No space left on device")));

    CompletionStage<Outcome> outcome = leader.ledger().append(Journal.bytes("lost?"));

    assertThat(leader.part().awaitFailure(LONG).orElse("nothing")).contains("No space left");
    assertThat(leader.journal().commands()).containsExactly("before");
    cluster.flushesOfLeader(index -> CompletableFuture.completedFuture(null));
    cluster.stop(leader);
    assertThat(await(outcome)).isNotInstanceOf(Done.class);
    done(members.get(0), "after");
    List<String> there = everywhere(members, "after").get(0);
    assertThat(everywhere(members, "after")).allMatch(there::equals);
  }

  /** Views that come and go are hints to stand for election, and must not stop the work. */
  @Test
  void views_that_flap_do_not_keep_commands_from_being_done() throws Exception {
    Cluster cluster = cluster(VOTERS, List.of());
    List<Member> members = startAll(cluster, VOTERS);
    long term = leader(members).part().term();
    Random random = new Random(7);
    List<String> done = new ArrayList<>();

    for (int i = 0; i < 30; i++) {
      HostName viewer = VOTERS.get(random.nextInt(3));
      HostName other = VOTERS.get((VOTERS.indexOf(viewer) + 1 + random.nextInt(2)) % 3);
      cluster.network().see(viewer, other, false);
      CompletionStage<Outcome> outcome =
          members.get(random.nextInt(3)).ledger().submit(Journal.bytes("c" + i), LONG);
      cluster.network().see(viewer, other, true);
      assertThat(await(outcome)).as("c" + i).isInstanceOf(Done.class);
      done.add("c" + i);
    }

    for (Member member : members) {
      assertThat(everywhere(List.of(member), "c29").get(0)).isEqualTo(done);
    }
    // An election now and then is in order, as members that do not see each other do not talk.
    assertThat(leader(members).part().term()).isLessThan(term + 10);
  }

  private static Member on(List<Member> members, HostName host) {
    return members.stream().filter(one -> one.host().equals(host)).findFirst().orElseThrow();
  }
}
