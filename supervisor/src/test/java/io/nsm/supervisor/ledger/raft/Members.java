package io.nsm.supervisor.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.channel.SimulatedNetwork.Passage;
import io.nsm.supervisor.ledger.Journal;
import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.LedgerContract.Member;
import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/** What the tests of several members share: short ways to ask, and bounded waiting. */
final class Members {
  static final HostName A = new HostName("a");
  static final HostName B = new HostName("b");
  static final HostName C = new HostName("c");
  static final Duration LONG = Duration.ofSeconds(15);

  private Members() {}

  /** Whether it is one of Ratis' requests to append at least one entry. */
  static boolean carriesEntries(Passage passage) {
    return !entries(passage).isEmpty();
  }

  /** The entries that one of Ratis' requests carries; none if it is something else. */
  static List<LogEntryProto> entries(Passage passage) {
    if (passage.answer() || !passage.service().equals("raft") || passage.body()[0] != 0) {
      return List.of();
    }
    try {
      return AppendEntriesRequestProto.parseFrom(
              ByteString.copyFrom(passage.body(), 1, passage.body().length - 1))
          .getEntriesList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static boolean isAnswerOf(Passage passage, List<HostName> from, HostName to) {
    return passage.answer()
        && passage.service().equals("raft")
        && from.contains(passage.from())
        && passage.to().equals(to);
  }

  static void open(Cluster cluster, HostName one, HostName other) {
    cluster.network().mend(one, other);
    cluster.network().mend(other, one);
  }

  static List<Member> startAll(Cluster cluster, List<HostName> hosts) throws Exception {
    List<Member> members = new ArrayList<>();
    for (HostName host : hosts) {
      members.add(cluster.start(host));
    }
    return members;
  }

  static Member leader(List<Member> members) throws Exception {
    return leader(members, -1);
  }

  /** Waits for one of these that leads in a term after the given one. */
  static Member leader(List<Member> members, long after) throws Exception {
    long deadline = System.nanoTime() + 2 * LONG.toNanos();
    while (deadline - System.nanoTime() > 0) {
      for (Member member : members) {
        if (member.part().awaitLeads(Duration.ofMillis(20)) && member.part().term() > after) {
          return member;
        }
      }
    }
    throw new AssertionError("none of " + members + " leads after term " + after);
  }

  static void done(Member member, String command) throws Exception {
    assertThat(await(member.ledger().submit(Journal.bytes(command), LONG)))
        .as(command)
        .isInstanceOf(Done.class);
  }

  static List<List<String>> everywhere(List<Member> members, String command) throws Exception {
    List<List<String>> journals = new ArrayList<>();
    for (Member member : members) {
      journals.add(member.journal().await(all -> all.contains(command), LONG));
    }
    return journals;
  }

  static Outcome await(CompletionStage<Outcome> outcome) throws Exception {
    return outcome.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  static void awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).isNegative();
      Thread.onSpinWait();
    }
  }
}
