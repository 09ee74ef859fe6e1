package io.nsm.supervisor.ledger;

import static io.nsm.supervisor.model.Given.again;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.instance;
import static io.nsm.supervisor.model.Given.oneShot;
import static io.nsm.supervisor.model.Given.replicated;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Event;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ledger does with everything but grants and saves. */
class RulesTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private final Entries entries = Entries.of(host("a"), host("b"));

  @Test
  void names_the_cluster_once() {
    Entries fresh = new Entries();

    Answer first = fresh.apply(new Command.Configure("prod", LeaseTerms.FAST));
    Answer repeated = fresh.apply(new Command.Configure("prod", LeaseTerms.FAST));
    Answer other = fresh.apply(new Command.Configure("test", LeaseTerms.FAST));
    Answer slower = fresh.apply(new Command.Configure("prod", LeaseTerms.PATIENT));

    assertThat(first.effective()).isTrue();
    assertThat(repeated.effective()).isTrue();
    assertThat(other).isInstanceOf(Answer.Refused.class);
    assertThat(slower).isInstanceOf(Answer.Refused.class);
    assertThat(fresh.state().cluster()).contains("prod");
    assertThat(fresh.state().lease()).contains(LeaseTerms.FAST);
  }

  @Test
  void admits_a_host_and_the_next_agent_of_it() {
    HostEntry next = again(host("a"), "a2", "boot1");
    Command join = join(next, Optional.of(host("a")), Optional.empty(), 1);

    Answer joined = entries.apply(join);
    Answer repeated = entries.apply(join);

    assertThat(joined.effective()).isTrue();
    assertThat(repeated.effective()).isTrue();
    assertThat(entries.state().host(id("a"))).contains(next);
  }

  @Test
  void refuses_a_join_that_was_decided_in_another_term() {
    entries.inTerm(2);

    Answer late = entries.apply(join(host("c"), Optional.empty(), Optional.empty(), 1));

    assertThat(late).isInstanceOf(Answer.Refused.class);
    assertThat(entries.state().host(id("c"))).isEmpty();
  }

  @Test
  void refuses_a_join_that_overlooks_another_agent_of_the_host() {
    entries.apply(
        join(again(host("a"), "a2", "boot1"), Optional.of(host("a")), Optional.empty(), 1));

    Answer overtaken =
        entries.apply(
            join(again(host("a"), "a3", "boot1"), Optional.of(host("a")), Optional.empty(), 1));

    assertThat(overtaken).isInstanceOf(Answer.Refused.class);
    assertThat(entries.state().host(id("a")).map(HostEntry::incarnation))
        .contains(new Incarnation("a2"));
  }

  @Test
  void gives_a_name_to_another_host_only_by_evicting_the_one_that_has_it() {
    HostEntry namesake =
        new HostEntry(
            new HostId("new-disk"),
            host("a").name(),
            new Incarnation("a9"),
            "boot9",
            host("a").labels(),
            false);

    Answer uninvited = entries.apply(join(namesake, Optional.empty(), Optional.empty(), 1));
    Answer wrong = entries.apply(join(namesake, Optional.empty(), Optional.of(id("b")), 1));
    Answer right = entries.apply(join(namesake, Optional.empty(), Optional.of(id("a")), 1));

    assertThat(uninvited).isInstanceOf(Answer.Refused.class);
    assertThat(wrong).isInstanceOf(Answer.Refused.class);
    assertThat(right.effective()).isTrue();
    assertThat(entries.state().hosts()).containsOnlyKeys(id("b"), new HostId("new-disk"));
  }

  @Test
  void declares_processes_and_starts_all_but_one_shots() {
    Answer declared = entries.declare(standby("importer", 2), oneShot("report"));

    assertThat(declared).isEqualTo(new Answer.Done(1));
    assertThat(entries.process("importer").running()).isTrue();
    assertThat(entries.process("report").running()).isFalse();
    assertThat(entries.process("importer").revision()).isEqualTo(1);
  }

  @Test
  void makes_a_replicated_process_active_standby_only_while_it_is_stopped() {
    entries.declare(replicated("importer", 2));

    Answer running = entries.declare(standby("importer", 2));
    entries.apply(new Command.SetWanted("stop", IMPORTER, false, 0));
    Answer stopped = entries.declare(standby("importer", 2));

    assertThat(running).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused) running).why()).contains("nsmctl stop importer");
    assertThat(stopped.effective()).isTrue();
    assertThat(entries.declare(replicated("importer", 2)).effective()).isTrue();
  }

  @Test
  void declares_once_however_often_it_is_asked_to() {
    Command declare = new Command.Declare("r1", 0, List.of(standby("importer", 2)), false, 0);

    Answer first = entries.apply(declare);
    entries.declare(standby("importer", 3));
    Answer repeated = entries.apply(declare);

    assertThat(repeated).isEqualTo(first);
    assertThat(entries.process("importer").spec().replicas()).isEqualTo(3);
  }

  @Test
  void refuses_a_declaration_that_is_based_on_an_older_revision() {
    entries.declare(standby("importer", 2));

    Answer conflict =
        entries.apply(new Command.Declare("r9", 0, List.of(standby("importer", 5)), false, 0));

    assertThat(conflict).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").spec().replicas()).isEqualTo(2);
    assertThat(entries.state().revision()).isEqualTo(1);
  }

  @Test
  void keeps_the_revision_of_a_process_that_is_declared_as_it_is() {
    entries.declare(standby("importer", 2), replicated("server", 2));

    entries.declare(standby("importer", 2), replicated("server", 3));

    assertThat(entries.process("importer").revision()).isEqualTo(1);
    assertThat(entries.process("server").revision()).isEqualTo(2);
  }

  @Test
  void keeps_grant_and_checkpoint_of_a_process_that_is_declared_anew() {
    entries.declare(standby("importer", 2));
    entries.grant("importer/1", id("a"), run("a", 1));
    entries.apply(Entries.save("importer", new Epoch(1), 1, "one"));

    entries.declare(standby("importer", 3));

    assertThat(entries.held("importer").epoch()).isEqualTo(new Epoch(1));
    assertThat(entries.process("importer").checkpoint()).isPresent();
  }

  @Test
  void removes_what_is_not_named_only_when_it_is_stopped_and_not_held() {
    entries.declare(standby("importer", 1), replicated("server", 1));
    entries.grant("importer/1", id("a"), run("a", 1));

    Answer running = entries.keepOnly(replicated("server", 1));
    entries.want("importer", false);
    Answer held = entries.keepOnly(replicated("server", 1));
    entries.vacate("importer");
    Answer free = entries.keepOnly(replicated("server", 1));

    assertThat(running).isInstanceOf(Answer.Refused.class);
    assertThat(held).isInstanceOf(Answer.Refused.class);
    assertThat(free.effective()).isTrue();
    assertThat(entries.state().processes()).containsOnlyKeys(new ProcessName("server"));
  }

  @Test
  void stops_and_starts_a_process_once_per_request() {
    entries.declare(standby("importer", 1));
    Command stop = new Command.SetWanted("stop", IMPORTER, false, 0);
    Command start = new Command.SetWanted("start", IMPORTER, true, 0);

    entries.apply(stop);
    boolean stopped = entries.process("importer").running();
    entries.apply(start);
    Answer repeated = entries.apply(stop);

    assertThat(stopped).isFalse();
    assertThat(repeated.effective()).isTrue();
    assertThat(entries.process("importer").running()).isTrue();
    assertThat(entries.process("importer").starts()).isEqualTo(2);
  }

  @Test
  void counts_a_start_of_what_is_wanted_already_so_that_the_failed_is_tried_anew() {
    entries.declare(replicated("server", 2), oneShot("report"));
    entries.want("report", true);

    entries.want("server", true);
    entries.want("report", true);

    assertThat(entries.process("server").starts()).isEqualTo(2);
    assertThat(entries.process("report").starts()).isEqualTo(1);
  }

  @Test
  void starts_a_one_shot_anew_in_an_epoch_of_its_own_once_it_is_finished() {
    entries.declare(oneShot("report"));
    entries.want("report", true);
    entries.grant("report/1", id("a"), run("a", 1));
    Epoch first = entries.held("report").epoch();
    entries.apply(finish(first, true));

    entries.want("report", true);

    assertThat(entries.process("report").starts()).isEqualTo(2);
    assertThat(entries.process("report").finished()).isFalse();
    assertThat(entries.process("report").grant().epoch().isAfter(first)).isTrue();
    assertThat(entries.apply(finish(first, false))).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void counts_wished_for_restarts_once_per_request() {
    entries.declare(standby("importer", 1));
    Command restart = new Command.Restart("r", IMPORTER, 0);

    entries.apply(restart);
    entries.apply(restart);

    assertThat(entries.process("importer").restarts()).isEqualTo(1);
  }

  @Test
  void moves_an_instance_only_from_where_it_is() {
    entries.declare(standby("importer", 1));
    Command first =
        new Command.Place(instance("importer/1"), Optional.empty(), Optional.of(id("a")));
    Command fromElsewhere =
        new Command.Place(instance("importer/1"), Optional.of(id("b")), Optional.of(id("c")));

    assertThat(entries.apply(first).effective()).isTrue();
    assertThat(entries.apply(first).effective()).isTrue();
    assertThat(entries.apply(fromElsewhere)).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").placements()).containsEntry(1, id("a"));
    assertThat(entries.state().placedOn(id("a"))).containsExactly(instance("importer/1"));

    Command away =
        new Command.Place(instance("importer/1"), Optional.of(id("a")), Optional.empty());
    assertThat(entries.apply(away).effective()).isTrue();
    assertThat(entries.process("importer").placements()).isEmpty();
  }

  @Test
  void refuses_whatever_is_said_of_a_process_that_is_not_declared() {
    ProcessName nobody = new ProcessName("nobody");
    List<Command> commands =
        List.of(
            new Command.SetWanted("1", nobody, true, 0),
            new Command.Restart("2", nobody, 0),
            new Command.Place(instance("nobody/1"), Optional.empty(), Optional.of(id("a"))),
            new Command.Grant(
                nobody,
                Epoch.NONE,
                new Command.Evidence.Vacant(),
                instance("nobody/1"),
                id("a"),
                run("a", 1)),
            new Command.Vacate(nobody, new Epoch(1), run("a", 1), "EXIT_1", 0),
            new Command.Expire(nobody, new Epoch(1), 1),
            new Command.Finish(nobody, new Epoch(1), run("a", 1), true, "EXIT_0", 0),
            new Command.HandOver("3", nobody, new Epoch(1), Optional.empty(), "switchover"),
            Entries.save("nobody", new Epoch(1), 1, "one"));

    for (Command command : commands) {
      LedgerState before = entries.state();
      assertThat(entries.apply(command)).as("%s", command).isInstanceOf(Answer.Refused.class);
      assertThat(entries.state()).isEqualTo(before);
    }
  }

  @Test
  void does_nothing_for_a_barrier() {
    LedgerState before = entries.state();

    Answer answer = entries.apply(new Command.Barrier(1, 7, List.of(id("a"))));

    assertThat(answer.effective()).isTrue();
    assertThat(entries.state()).isEqualTo(before);
  }

  @Test
  void keeps_the_newest_events_and_the_number_of_the_first() {
    int surplus = 3;
    for (int i = 0; i < LedgerState.MAX_EVENTS + surplus; i++) {
      entries.apply(new Command.Note(Entries.event("event " + i)));
    }

    List<String> texts = entries.state().events().stream().map(Event::text).toList();
    assertThat(texts).hasSize(LedgerState.MAX_EVENTS).startsWith("event 3").endsWith("event 502");
    assertThat(entries.state().firstEvent()).isEqualTo(1 + surplus);
  }

  @Test
  void remembers_a_bounded_number_of_requests() {
    entries.declare(standby("importer", 1));
    for (int i = 0; i < 2 * LedgerState.MAX_REQUESTS; i++) {
      entries.apply(new Command.Restart("restart-" + i, IMPORTER, 0));
    }

    assertThat(entries.state().requests()).hasSize(LedgerState.MAX_REQUESTS);
    assertThat(entries.process("importer").restarts()).isEqualTo(2 * LedgerState.MAX_REQUESTS);
  }

  private static Command finish(Epoch epoch, boolean success) {
    return new Command.Finish(
        new ProcessName("report"), epoch, run("a", 1), success, success ? "EXIT_0" : "EXIT_1", 9);
  }

  private static Command.Join join(
      HostEntry host, Optional<HostEntry> replaces, Optional<HostId> evicts, long term) {
    return new Command.Join(host, replaces.map(HostEntry::incarnation), evicts, term);
  }
}
