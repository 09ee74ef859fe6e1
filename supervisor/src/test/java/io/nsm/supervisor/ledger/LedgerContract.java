package io.nsm.supervisor.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Ledger.Done;
import io.nsm.supervisor.ledger.Ledger.Outcome;
import io.nsm.supervisor.ledger.Ledger.Rejected;
import io.nsm.supervisor.ledger.Ledger.Unknown;
import io.nsm.supervisor.model.HostName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every ledger holds to: three voters, and a network that the test can cut. */
public abstract class LedgerContract {
  protected static final HostName A = new HostName("a");
  protected static final HostName B = new HostName("b");
  protected static final HostName C = new HostName("c");
  protected static final List<HostName> VOTERS = List.of(A, B, C);
  protected static final Duration LONG = Duration.ofSeconds(15);

  /** One member, with what it applied and what it was told. */
  public record Member(HostName host, Ledger ledger, Journal journal, RecordedPart part) {}

  /** Starts a member, again from its disk if it ran before. */
  protected abstract Member start(HostName host) throws Exception;

  /** Ends a member as a power cut does, or as nearly so as can be. */
  protected abstract void stop(Member member);

  /** Lets nothing pass between a host and the others any more. */
  protected abstract void isolate(HostName host);

  protected abstract void heal();

  @Test
  void every_member_applies_the_same_in_the_same_order() throws Exception {
    List<Member> members = startAll();
    List<CompletionStage<Outcome>> outcomes = new ArrayList<>();

    for (int i = 0; i < 60; i++) {
      outcomes.add(members.get(i % 3).ledger().submit(Journal.bytes("c" + i), LONG));
    }

    for (int i = 0; i < 60; i++) {
      assertThat(text(await(outcomes.get(i)))).isEqualTo("applied c" + i);
    }
    List<String> first = members.get(0).journal().await(all -> all.size() == 60, LONG);
    assertThat(first).hasSize(60).doesNotHaveDuplicates();
    assertThat(members.get(1).journal().await(all -> all.size() == 60, LONG)).isEqualTo(first);
    assertThat(members.get(2).journal().await(all -> all.size() == 60, LONG)).isEqualTo(first);
  }

  @Test
  void one_member_at_most_leads_and_the_others_learn_which() throws Exception {
    List<Member> members = startAll();

    Member leader = leader(members);

    for (Member member : members) {
      if (member != leader) {
        member.journal().await(all -> !all.isEmpty(), Duration.ZERO);
        assertThat(member.part().leads()).isFalse();
      }
    }
  }

  @Test
  void append_on_a_member_that_does_not_lead_is_rejected_and_never_applied() throws Exception {
    List<Member> members = startAll();
    Member leader = leader(members);
    Member other = members.stream().filter(member -> member != leader).findFirst().orElseThrow();

    Outcome outcome = await(other.ledger().append(Journal.bytes("own")));

    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(await(other.ledger().submit(Journal.bytes("after"), LONG))).isInstanceOf(Done.class);
    assertThat(leader.journal().await(all -> all.contains("after"), LONG)).doesNotContain("own");
  }

  @Test
  void append_on_the_leader_is_done_when_applied() throws Exception {
    Member leader = leader(startAll());

    assertThat(text(await(leader.ledger().append(Journal.bytes("own"))))).isEqualTo("applied own");
    assertThat(leader.journal().commands()).containsExactly("own");
  }

  @Test
  void what_a_leader_appended_without_a_majority_is_unknown_and_never_rejected() throws Exception {
    List<Member> members = startAll();
    Member leader = leader(members);
    isolate(leader.host());

    Outcome appended = await(leader.ledger().append(Journal.bytes("lost?")));

    assertThat(appended).isInstanceOf(Unknown.class);
    heal();
    Member other = members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    assertThat(await(other.ledger().submit(Journal.bytes("after"), LONG))).isInstanceOf(Done.class);
    List<String> there = other.journal().await(all -> all.contains("after"), LONG);
    assertThat(leader.journal().await(all -> all.contains("after"), LONG)).isEqualTo(there);
  }

  @Test
  void a_command_that_nobody_can_take_is_not_done() throws Exception {
    List<Member> members = startAll();
    leader(members);
    stop(members.get(1));
    stop(members.get(2));

    Outcome outcome =
        await(members.get(0).ledger().submit(Journal.bytes("x"), Duration.ofMillis(300)));

    assertThat(outcome).isNotInstanceOf(Done.class);
    assertThat(members.get(0).journal().commands()).doesNotContain("x");
  }

  @Test
  void what_was_done_survives_a_restart_of_everybody() throws Exception {
    List<Member> members = startAll();
    List<String> done = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      assertThat(await(members.get(i % 3).ledger().submit(Journal.bytes("c" + i), LONG)))
          .isInstanceOf(Done.class);
      done.add("c" + i);
    }
    members.forEach(this::stop);

    List<Member> again = startAll();

    assertThat(await(again.get(0).ledger().submit(Journal.bytes("after"), LONG)))
        .isInstanceOf(Done.class);
    done.add("after");
    for (Member member : again) {
      assertThat(member.journal().await(all -> all.contains("after"), LONG)).isEqualTo(done);
    }
  }

  @Test
  void what_was_done_survives_the_end_of_the_leader() throws Exception {
    List<Member> members = new ArrayList<>(startAll());
    Member leader = leader(members);
    assertThat(await(leader.ledger().submit(Journal.bytes("before"), LONG)))
        .isInstanceOf(Done.class);

    stop(leader);
    members.remove(leader);

    assertThat(await(members.get(0).ledger().submit(Journal.bytes("after"), LONG)))
        .isInstanceOf(Done.class);
    for (Member member : members) {
      assertThat(member.journal().await(all -> all.contains("after"), LONG))
          .containsExactly("before", "after");
    }
    assertThat(leader(members).part().term()).isGreaterThan(leader.part().term());
  }

  protected List<Member> startAll() throws Exception {
    List<Member> members = new ArrayList<>();
    for (HostName host : VOTERS) {
      members.add(start(host));
    }
    return members;
  }

  /**
   * Waits for a member that leads; the one of the highest term if an older one does not know yet.
   */
  protected static Member leader(List<Member> members) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (deadline - System.nanoTime() > 0) {
      for (Member member : members) {
        if (member.part().awaitLeads(Duration.ofMillis(20))) {
          return member;
        }
      }
    }
    throw new AssertionError("nobody leads");
  }

  protected static Outcome await(CompletionStage<Outcome> outcome) throws Exception {
    return outcome.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  protected static String text(Outcome outcome) {
    return outcome.match(
        new Outcome.Cases<String>() {
          @Override
          public String done(Done done) {
            return new String(done.answer(), StandardCharsets.UTF_8);
          }

          @Override
          public String rejected(Rejected rejected) {
            return rejected.toString();
          }

          @Override
          public String unknown(Unknown unknown) {
            return unknown.toString();
          }
        });
  }
}
