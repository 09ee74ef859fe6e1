package io.nsm.supervisor.control;

import static io.nsm.supervisor.model.Given.acting;
import static io.nsm.supervisor.model.Given.again;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.ready;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Command.Evidence;
import io.nsm.supervisor.ledger.Entries;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a leader answers and proposes (decision 9, rules 2 and 3), over a ledger that we move by
 * hand.
 */
class LeaderTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final long MILLIS = 1_000_000;

  /** In milliseconds, rounded up: nothing of a host acts any more so long after its barrier. */
  private static final long WAIT = 2_516;

  private final List<Appended> log = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Leader leader = leader();
  private Entries entries = Entries.of(host("a"), host("b"));
  private long now;
  private long nonces;

  private record Appended(Command command, long ticket) {}

  private record Sent(HostName to, Message message) {}

  @Test
  void answers_a_renewal_once_a_barrier_that_was_proposed_after_it_is_applied() {
    lead();

    renew(host("a"));
    assertThat(renewed("a")).isEmpty();
    Appended barrier = only(Command.Barrier.class);
    apply(barrier);

    assertThat(((Command.Barrier) barrier.command()).serves()).containsExactly(id("a"));
    assertThat(renewed("a")).hasSize(1);
    Message.Renewed answer = renewed("a").get(0);
    assertThat(answer.to()).isEqualTo(host("a").incarnation());
    assertThat(answer.nonce()).isEqualTo(nonces);
    assertThat(answer.term()).isEqualTo(1);
    assertThat(answer.barrier()).isEqualTo(entries.index());
    assertThat(answer.ttl()).isEqualTo(LeaseTerms.FAST.ttl());
    assertThat(answer.margin()).isEqualTo(LeaseTerms.FAST.margin());
  }

  @Test
  void lets_a_renewal_that_comes_in_behind_a_proposed_barrier_wait_for_the_next() {
    lead();
    renew(host("a"));
    Appended first = only(Command.Barrier.class);
    renew(host("b"));

    apply(first);
    assertThat(renewed("a")).hasSize(1);
    assertThat(renewed("b")).isEmpty();
    assertThat(leader.waiting()).isEmpty();

    apply(only(Command.Barrier.class));
    assertThat(renewed("b")).hasSize(1);
  }

  @Test
  void tells_a_host_its_grants_as_of_the_barrier() {
    heldByA();
    lead();

    renew(host("a"));
    apply(only(Command.Barrier.class));

    assertThat(renewed("a").get(0).grants()).containsExactly(entries.held("importer"));
  }

  @Test
  void answers_nobody_for_a_barrier_that_was_applied_in_another_term() {
    lead();
    renew(host("a"));

    entries.inTerm(2);
    apply(only(Command.Barrier.class));

    assertThat(renewed("a")).isEmpty();
  }

  @Test
  void answers_nobody_once_it_does_not_lead() {
    lead();
    renew(host("a"));
    Appended barrier = only(Command.Barrier.class);

    leader.following();
    apply(barrier);
    renew(host("b"));

    assertThat(sent).isEmpty();
    assertThat(log).isEmpty();
    assertThat(leader.term()).isEmpty();
  }

  @Test
  void begins_a_term_without_the_renewals_of_the_last() {
    lead();
    renew(host("a"));
    Appended barrier = only(Command.Barrier.class);
    leader.following();
    leader.leading(2, now);

    apply(barrier);

    assertThat(renewed("a")).isEmpty();
  }

  @Test
  void does_not_answer_a_host_between_seeing_its_lease_expire_and_the_grant_that_follows() {
    expireAWhileItsBarrierIsPending();

    apply(only(Command.Barrier.class));
    assertThat(renewed("a")).as("its barrier is in, but its end is decided").isEmpty();

    apply(only(Command.Grant.class));
    assertThat(entries.held("importer").host()).isEqualTo(id("b"));
    renew(host("a"));
    apply(only(Command.Barrier.class));
    assertThat(renewed("a")).hasSize(1);
    assertThat(renewed("a").get(0).grants()).isEmpty();
  }

  @Test
  void keeps_a_host_unanswered_in_its_term_while_the_outcome_of_its_end_is_unknown() {
    expireAWhileItsBarrierIsPending();
    Appended grant = only(Command.Grant.class);
    log.remove(grant);

    leader.unknown(grant.ticket(), now);
    apply(only(Command.Barrier.class));
    renew(host("a"));
    apply(only(Command.Barrier.class));

    assertThat(renewed("a")).isEmpty();
    assertThat(appended(Command.Grant.class)).as("never tried again in this term").isEmpty();

    leader.following();
    entries.inTerm(2);
    leader.leading(2, now);
    renew(host("a"));
    apply(only(Command.Barrier.class));
    assertThat(renewed("a")).hasSize(1);
  }

  @Test
  void decides_anew_when_the_log_never_took_a_grant() {
    expireAWhileItsBarrierIsPending();
    Appended grant = only(Command.Grant.class);
    log.remove(grant);

    leader.rejected(grant.ticket(), now);
    leader.tick(now);

    assertThat(only(Command.Grant.class).command()).isEqualTo(grant.command());
  }

  @Test
  void proposes_a_barrier_again_for_the_next_renewal_when_one_came_to_nothing() {
    lead();
    renew(host("a"));
    Appended lost = only(Command.Barrier.class);
    log.remove(lost);
    leader.unknown(lost.ticket(), now);

    renew(host("a"));
    apply(only(Command.Barrier.class));

    assertThat(renewed("a")).hasSize(1);
  }

  @Test
  void follows_the_bounds_of_all_hosts_so_that_it_need_not_wait_anew_when_it_leads() {
    heldByA();
    leader.replaced(new Replica.Replaced(entries.index(), entries.state()), now);
    at(1_000);
    leader.applied(entries.entry(new Command.Barrier(1, 9, List.of(id("a")))), now);

    at(1_000 + WAIT - 2);
    leader.leading(2, now);
    assertThat(gone(id("a"))).isFalse();
    assertThat(gone(id("b"))).isTrue();

    at(1_000 + WAIT);
    assertThat(gone(id("a"))).isTrue();
  }

  @Test
  void waits_for_all_hosts_from_a_snapshot_on() {
    lead();
    at(WAIT);
    leader.replaced(new Replica.Replaced(entries.index(), entries.state()), now);

    at(2 * WAIT - 2);
    assertThat(gone(id("a"))).isFalse();
    at(2 * WAIT);
    assertThat(gone(id("a"))).isTrue();
  }

  @Test
  void admits_the_next_agent_of_the_same_boot_at_once() {
    lead();
    HostEntry next = again(host("a"), "a2", "boot1");

    renew(next);

    assertThat(only(Command.Join.class).command())
        .isEqualTo(
            new Command.Join(next, Optional.of(new Incarnation("a-a1")), Optional.empty(), 1));
  }

  @Test
  void admits_an_agent_of_another_boot_when_the_one_before_cannot_act_any_more() {
    lead();
    HostEntry rebooted = again(host("a"), "a2", "boot2");

    renew(rebooted);
    assertThat(log).isEmpty();
    assertThat(turnedAway("a")).hasSize(1);

    at(WAIT);
    renew(rebooted);
    apply(only(Command.Join.class));
    assertThat(entries.state().host(id("a"))).contains(rebooted);
    renew(rebooted);
    apply(only(Command.Barrier.class));
    assertThat(renewed("a")).hasSize(1);
  }

  @Test
  void turns_an_agent_away_that_was_superseded_until_its_successor_cannot_act_any_more() {
    lead();
    HostEntry second = again(host("a"), "a2", host("a").bootId());
    renew(second);
    apply(only(Command.Join.class));

    Message.Renewal first = new Message.Renewal(host("a"), ++nonces, 1, List.of());
    leader.receive(first, now);
    assertThat(turnedAway("a").get(0).nonce()).isEqualTo(first.nonce());

    at(WAIT);
    leader.receive(first, now);
    assertThat(only(Command.Join.class).command())
        .isEqualTo(
            new Command.Join(host("a"), Optional.of(second.incarnation()), Optional.empty(), 1));
  }

  @Test
  void turns_a_namesake_away_until_the_host_that_has_the_name_cannot_act_any_more() {
    lead();
    HostEntry namesake =
        new HostEntry(
            new HostId("new-disk"),
            new HostName("a"),
            new Incarnation("n1"),
            "boot1",
            Map.of(),
            false);

    renew(namesake);
    assertThat(log).isEmpty();
    assertThat(turnedAway("a").get(0).agent()).isEqualTo(new Incarnation("n1"));
    assertThat(turnedAway("a").get(0).why()).contains("id-of-a");

    at(WAIT);
    renew(namesake);
    assertThat(only(Command.Join.class).command())
        .isEqualTo(new Command.Join(namesake, Optional.empty(), Optional.of(id("a")), 1));
  }

  @Test
  void admits_a_host_that_is_new() {
    lead();

    renew(host("c"));
    apply(only(Command.Join.class));

    assertThat(entries.state().host(id("c"))).contains(host("c"));
  }

  @Test
  void does_not_answer_an_agent_that_was_replaced_while_its_barrier_was_pending() {
    lead();
    renew(host("a"));
    Appended barrier = only(Command.Barrier.class);
    renew(again(host("a"), "a2", "boot1"));

    apply(only(Command.Join.class));
    apply(barrier);

    assertThat(renewed("a")).isEmpty();
  }

  @Test
  void names_and_configures_a_new_cluster_first() {
    entries = new Entries();
    leader.leading(1, now);

    assertThat(only(Command.Configure.class).command())
        .isEqualTo(new Command.Configure("test", LeaseTerms.FAST));
    apply(only(Command.Configure.class));
    renew(host("a"));
    assertThat(only(Command.Join.class)).isNotNull();
  }

  @Test
  void tells_the_holder_of_a_new_grant_at_once_and_with_its_checkpoint() {
    heldByA();
    entries.apply(save(new Epoch(1)));
    entries.vacate("importer");
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();

    Message.Notice notice =
        (Message.Notice)
            sent.stream()
                .map(Sent::message)
                .filter(Message.Notice.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(notice.grant()).isEqualTo(entries.held("importer"));
    assertThat(notice.checkpoint()).isEqualTo(entries.process("importer").checkpoint());
    assertThat(notice.checkpoint()).isPresent();
  }

  @Test
  void grants_in_one_entry_what_the_holders_agent_gave_up_and_says_what_is_coming() {
    heldByA();
    writes();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();

    leader.receive(
        new Message.GaveUp(new ProcessName("importer"), new Epoch(1), run("a", 1), "SIGNAL_9", 900),
        now);

    Command.Grant grant = (Command.Grant) only(Command.Grant.class).command();
    assertThat(grant.replaces()).isEqualTo(new Epoch(1));
    assertThat(grant.evidence()).isEqualTo(new Evidence.GivenUp(run("a", 1), "SIGNAL_9", 900));
    assertThat(sent.stream().map(Sent::message))
        .contains(new Message.Coming(new ProcessName("importer"), new Epoch(1)));
  }

  @Test
  void says_that_nothing_has_to_be_fenced_where_nothing_was_written_before_the_grant() {
    heldByA();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();
    leader.receive(
        new Message.GaveUp(new ProcessName("importer"), new Epoch(1), run("a", 1), "SIGNAL_9", 900),
        now);

    assertThat(sentTo("b", Message.Coming.class)).isEmpty();
    applyAll();
    assertThat(sentTo("b", Message.Notice.class))
        .singleElement()
        .matches(notice -> !notice.writes());
  }

  @Test
  void says_that_there_is_something_to_fence_if_that_came_before_the_grant_was_applied() {
    heldByA();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();
    leader.receive(
        new Message.GaveUp(new ProcessName("importer"), new Epoch(1), run("a", 1), "SIGNAL_9", 900),
        now);

    writes();
    applyAll();

    assertThat(sentTo("b", Message.Notice.class))
        .singleElement()
        .matches(notice -> notice.writes());
  }

  @Test
  void does_not_believe_that_a_run_was_given_up_that_holds_nothing() {
    heldByA();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();

    leader.receive(
        new Message.GaveUp(new ProcessName("importer"), new Epoch(1), run("a", 9), "EXIT_1", 0),
        now);

    assertThat(appended(Command.Grant.class)).isEmpty();
    assertThat(appended(Command.Vacate.class)).isEmpty();
  }

  @Test
  void proposes_one_grant_of_a_process_at_a_time() {
    declared();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    apply(only(Command.Barrier.class));
    Appended grant = only(Command.Grant.class);

    leader.tick(now);
    leader.tick(now);

    assertThat(appended(Command.Grant.class)).containsExactly(grant);
  }

  @Test
  void does_not_grant_what_a_late_report_says_is_ready() {
    declared();
    lead();
    leader.receive(report("b", "b-a1", 7), now);
    leader.receive(report("b", "b-a1", 6, ready("importer/2", run("b", 1))), now);
    leader.receive(report("b", "b-a0", 9, ready("importer/2", run("b", 1))), now);

    renewWithNumber(host("b"), 5);
    applyAll();

    assertThat(entries.process("importer").holder()).isEmpty();
  }

  @Test
  void notes_each_promotion_once_with_its_timeline() {
    declared();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();
    Epoch epoch = entries.held("importer").epoch();

    at(7);
    leader.receive(report("b", "b-a1", 90, acting("importer/2", run("b", 1), epoch)), now);
    leader.receive(report("b", "b-a1", 91, acting("importer/2", run("b", 1), epoch)), now);
    applyAll();

    assertThat(entries.state().events()).hasSize(1);
    var timeline = entries.state().events().get(0).timeline().orElseThrow();
    assertThat(timeline.cause()).isEqualTo("FIRST_START");
    assertThat(timeline.epoch()).isEqualTo(epoch);
    assertThat(timeline.activeMillis()).isEqualTo(7);
  }

  @Test
  void has_a_holder_that_does_not_act_in_time_hand_over() {
    declared();
    lead();
    renew(host("b"), ready("importer/2", run("b", 1)));
    applyAll();
    assertThat(entries.held("importer").host()).isEqualTo(id("b"));

    for (int millis = 2_000; millis <= 30_000; millis += 2_000) {
      at(millis);
      renew(host("a"));
      renew(host("b"));
      applyAll();
    }
    assertThat(entries.process("importer").handOver()).isEmpty();
    at(30_001);
    renew(host("a"), ready("importer/1", run("a", 1)));
    applyAll();

    assertThat(entries.process("importer").handOver().map(wish -> wish.why()))
        .contains("it did not act within activationTimeout");
    assertThat(leader.view(now).orElseThrow().shunned()).containsExactly(instance("importer/2"));
  }

  @Test
  void tells_every_host_at_once_whose_turn_it_is_and_again_with_each_answer() {
    List<Dependency> on = List.of(new Dependency(IMPORTER, Dependency.Condition.READY));
    entries.declare(standby("importer", 2), standby("server", 1).with(on));
    entries.place("importer/1", id("a"));
    lead();
    assertThat(turns("b")).extracting(Turn::waitsFor).containsExactly(on(on));

    renew(host("a"), ready("importer/1", run("a", 1)));
    assertThat(turns("b")).extracting(Turn::waitsFor).containsExactly(Optional.empty());
    assertThat(turns("a")).isEqualTo(turns("b"));

    applyAll();
    assertThat(renewed("a").get(0).turns()).isEqualTo(turns("b"));
  }

  private static Optional<String> on(List<Dependency> dependencies) {
    return Optional.of(dependencies.get(0).toString());
  }

  /** What a host was told last. */
  private List<Turn> turns(String host) {
    List<Message.Turns> told = sentTo(host, Message.Turns.class);
    return told.get(told.size() - 1).turns();
  }

  private void writes() {
    Command word = new Command.Writes(new ProcessName("importer"), new Epoch(1));
    leader.applied(entries.entry(word), now);
  }

  private void declared() {
    entries.declare(standby("importer", 2));
    entries.place("importer/1", id("a"));
    entries.place("importer/2", id("b"));
  }

  private void heldByA() {
    declared();
    entries.grant("importer/1", id("a"), run("a", 1));
  }

  /** This member leads from a snapshot on. */
  private void lead() {
    leader.replaced(new Replica.Replaced(entries.index(), entries.state()), now);
    leader.leading(1, now);
  }

  /** The bound of a, which holds the grant, passes while the barrier of its renewal is pending. */
  private void expireAWhileItsBarrierIsPending() {
    heldByA();
    lead();
    at(WAIT - 100);
    renew(host("b"), ready("importer/2", run("b", 1)));
    apply(only(Command.Barrier.class));
    at(WAIT - 5);
    renew(host("a"));
    assertThat(appended(Command.Grant.class)).isEmpty();
    at(WAIT);
    leader.tick(now);
    assertThat(((Command.Grant) only(Command.Grant.class).command()).evidence())
        .isEqualTo(new Evidence.Expired(1));
  }

  private void at(long millis) {
    now = millis * MILLIS;
  }

  private void renew(HostEntry host, InstanceReport... reports) {
    renewWithNumber(host, ++nonces, reports);
  }

  private void renewWithNumber(HostEntry host, long nonce, InstanceReport... reports) {
    long answered =
        sentTo(host.name().name(), Message.Renewed.class).stream()
            .filter(answer -> answer.to().equals(host.incarnation()))
            .mapToLong(Message.Renewed::nonce)
            .max()
            .orElse(0);
    leader.receive(new Message.Renewal(host, nonce, answered, List.of(reports)), now);
  }

  private static Message.Report report(
      String host, String incarnation, long number, InstanceReport... reports) {
    return new Message.Report(id(host), new Incarnation(incarnation), number, List.of(reports));
  }

  private static Command save(Epoch epoch) {
    byte[] bytes = {1, 2, 3};
    return new Command.Save(
        IMPORTER, epoch, 1, Digest.of(bytes), bytes.length, Optional.of(bytes), 0);
  }

  private boolean gone(HostId host) {
    return Optional.ofNullable(leader.view(now).orElseThrow().hosts().get(host))
        .orElseThrow()
        .gone();
  }

  private List<Appended> appended(Class<? extends Command> kind) {
    return log.stream().filter(entry -> kind.isInstance(entry.command())).toList();
  }

  private Appended only(Class<? extends Command> kind) {
    assertThat(appended(kind)).as("%s", log).hasSize(1);
    return appended(kind).get(0);
  }

  private void apply(Appended entry) {
    log.remove(entry);
    leader.applied(entries.entry(entry.command()), now);
  }

  /** Applies what was appended, and what is appended thereupon. */
  private void applyAll() {
    for (int i = 0; i < 100 && !log.isEmpty(); i++) {
      apply(log.get(0));
    }
    assertThat(log).isEmpty();
  }

  private List<Message.Renewed> renewed(String host) {
    return sentTo(host, Message.Renewed.class);
  }

  private List<Message.TurnedAway> turnedAway(String host) {
    return sentTo(host, Message.TurnedAway.class);
  }

  private <M extends Message> List<M> sentTo(String host, Class<M> kind) {
    return sent.stream()
        .filter(one -> one.to().name().equals(host) && kind.isInstance(one.message()))
        .map(one -> kind.cast(one.message()))
        .toList();
  }

  private Leader leader() {
    return new Leader(
        "test",
        LeaseTerms.FAST,
        LeaseTerms.CLOCK_ERROR,
        new Leader.Ports() {
          @Override
          public void append(Command command, long ticket) {
            log.add(new Appended(command, ticket));
          }

          @Override
          public void send(HostName to, Message message) {
            sent.add(new Sent(to, message));
          }

          @Override
          public long wallMillis() {
            return 1_000;
          }
        });
  }
}
