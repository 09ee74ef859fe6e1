package io.nsm.supervisor.reconcile;

import static io.nsm.supervisor.model.Given.acting;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.ready;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.Entries;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.StateWord;
import io.nsm.supervisor.model.Turn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose turn it is: {@code server} depends on {@code importer}, which lives on a. */
class OrderingTest {
  private static final RunId RUN = run("a", 1);
  private static final ProcessName IMPORTER = new ProcessName("importer");

  private static ProcessSpec server(Condition condition) {
    return standby("server", 1).with(List.of(new Dependency(IMPORTER, condition)));
  }

  private static Entries declared(Condition condition) {
    Entries entries = Entries.of(host("a"), host("b"));
    entries.declare(standby("importer", 2), server(condition));
    entries.place("importer/1", id("a"));
    return entries;
  }

  private static InstanceReport starting() {
    return new InstanceReport(
        InstanceId.parse("importer/1"),
        StateWord.STARTING,
        Optional.of(RUN),
        Optional.of(100L),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        0,
        0,
        Optional.empty(),
        List.of());
  }

  private static InstanceReport unready() {
    InstanceReport acting = acting("importer/1", RUN, new Epoch(1));
    return new InstanceReport(
        acting.instance(),
        acting.state(),
        acting.run(),
        acting.pid(),
        acting.acting(),
        false,
        false,
        Optional.empty(),
        0,
        0,
        Optional.empty(),
        List.of(),
        Optional.of("readiness: refused"));
  }

  private static Turn turn(Entries entries, Watched watched) {
    List<Turn> turns = Ordering.decide(entries.state(), watched.see());
    assertThat(turns).hasSize(1);
    return turns.get(0);
  }

  private static Optional<String> waits(Entries entries, Watched watched) {
    return turn(entries, watched).waitsFor();
  }

  @Test
  void waits_as_long_as_nothing_is_seen_of_the_other() {
    assertThat(waits(declared(Condition.READY), new Watched())).contains("importer to be ready");
    assertThat(waits(declared(Condition.STARTED), new Watched().here("a")))
        .contains("importer to be started");
  }

  @Test
  void says_that_the_other_is_stopped_or_not_declared_at_all() {
    Entries stopped = declared(Condition.READY);
    stopped.want("importer", false);
    Entries alone = Entries.of(host("a"));
    alone.declare(server(Condition.READY));

    assertThat(waits(stopped, new Watched())).contains("importer to be ready, which is stopped");
    assertThat(waits(alone, new Watched())).contains("importer to be ready, which is not declared");
  }

  @Test
  void a_run_that_lives_is_started_and_not_ready_yet() {
    Watched watched = new Watched().here("a", starting());

    assertThat(waits(declared(Condition.STARTED), watched)).isEmpty();
    assertThat(waits(declared(Condition.READY), watched)).isPresent();
  }

  @Test
  void a_standby_is_ready_and_does_not_act() {
    Watched watched = new Watched().here("a", ready("importer/1", RUN));

    assertThat(waits(declared(Condition.READY), watched)).isEmpty();
    assertThat(waits(declared(Condition.ACTIVE), watched)).contains("importer to be active");
  }

  @Test
  void active_is_who_acts_under_the_newest_grant() {
    Entries entries = declared(Condition.ACTIVE);
    Watched watched = new Watched().here("a", acting("importer/1", RUN, new Epoch(1)));
    assertThat(waits(entries, watched)).as("without a grant").isPresent();

    entries.grant("importer/1", id("a"), RUN);
    assertThat(waits(entries, watched)).isEmpty();
  }

  @Test
  void what_acts_and_is_not_ready_is_active_and_not_ready() {
    Entries active = declared(Condition.ACTIVE);
    active.grant("importer/1", id("a"), RUN);
    Watched watched = new Watched().here("a", unready());

    assertThat(waits(active, watched)).isEmpty();
    assertThat(waits(declared(Condition.READY), watched)).isPresent();
  }

  @Test
  void what_a_lost_host_said_last_counts_for_nothing() {
    Watched watched = new Watched().gone("a", ready("importer/1", RUN));

    assertThat(waits(declared(Condition.READY), watched)).isPresent();
  }

  @Test
  void says_whether_a_run_of_the_dependent_lives() {
    Entries entries = declared(Condition.READY);

    assertThat(turn(entries, new Watched()).living()).isFalse();
    assertThat(turn(entries, new Watched().here("b", ready("server/1", run("b", 1)))).living())
        .isTrue();
  }

  @Test
  void names_a_circle_from_its_first_process_on() {
    ProcessSpec a = on("a", "b");
    ProcessSpec b = on("b", "c", "a");
    ProcessSpec c = on("c", "d");

    assertThat(Dependency.circle(List.of(c, b, a)).orElseThrow())
        .extracting(ProcessName::name)
        .containsExactly("a", "b", "a");
    assertThat(Dependency.circle(List.of(a, on("b", "c"), c))).isEmpty();
  }

  private static ProcessSpec on(String name, String... others) {
    return standby(name, 1)
        .with(
            List.of(others).stream()
                .map(other -> new Dependency(new ProcessName(other), Condition.READY))
                .toList());
  }
}
