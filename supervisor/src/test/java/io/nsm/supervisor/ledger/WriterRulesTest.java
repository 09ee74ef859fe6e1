package io.nsm.supervisor.ledger;

import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the ledger knows of who writes to shared maps: what a grant leaves its fence out on. */
class WriterRulesTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final Epoch FIRST = new Epoch(1);
  private static final Epoch SECOND = new Epoch(2);
  private final Entries entries = Entries.of(host("a"), host("b"));

  @BeforeEach
  void grant() {
    entries.declare(standby("importer", 2));
    entries.grant("importer/1", id("a"), run("a", 1));
  }

  @Test
  void knows_of_no_writes_before_their_word() {
    assertThat(entries.state().writes(IMPORTER)).isFalse();
    assertThat(entries.state().writesSince(IMPORTER, FIRST)).isFalse();
  }

  @Test
  void takes_the_word_of_the_current_epoch_for_it_and_all_that_follow() {
    assertThat(writes(FIRST).effective()).isTrue();

    assertThat(entries.state().writes(IMPORTER)).isTrue();
    assertThat(entries.state().writesSince(IMPORTER, FIRST)).isTrue();
    assertThat(entries.state().writesSince(IMPORTER, SECOND)).isTrue();
  }

  @Test
  void refuses_the_word_of_an_epoch_that_is_over_or_never_was() {
    succeed();

    assertThat(writes(FIRST)).isEqualTo(new Answer.Fenced(SECOND));
    assertThat(writes(new Epoch(9))).isEqualTo(new Answer.Fenced(SECOND));
    assertThat(entries.state().writes(IMPORTER)).isFalse();
  }

  @Test
  void a_later_epochs_word_is_none_of_an_earlier_one() {
    succeed();
    writes(SECOND);

    assertThat(entries.state().writesSince(IMPORTER, FIRST)).isFalse();
    assertThat(entries.state().writesSince(IMPORTER, SECOND)).isTrue();
  }

  @Test
  void keeps_the_first_word_when_it_is_said_again() {
    writes(FIRST);
    LedgerState before = entries.state();

    assertThat(writes(FIRST).effective()).isTrue();
    assertThat(entries.state()).isEqualTo(before);

    succeed();
    assertThat(writes(SECOND).effective()).isTrue();
    assertThat(entries.state().writesSince(IMPORTER, FIRST)).isTrue();
  }

  @Test
  void outlives_the_process() {
    writes(FIRST);
    entries.want("importer", false);
    entries.apply(new Command.Vacate(IMPORTER, FIRST, run("a", 1), "OPERATOR", 0));
    entries.keepOnly();

    assertThat(entries.state().processes()).isEmpty();
    assertThat(writes(FIRST)).as("nobody may write any more").isInstanceOf(Answer.Fenced.class);

    entries.declare(standby("importer", 2));
    assertThat(entries.state().writes(IMPORTER)).isTrue();
  }

  private Answer writes(Epoch epoch) {
    return entries.apply(new Command.Writes(IMPORTER, epoch));
  }

  private void succeed() {
    entries.apply(new Command.Vacate(IMPORTER, FIRST, run("a", 1), "EXIT_1", 0));
    entries.grant("importer/2", id("b"), run("b", 1));
  }
}
