package io.nsm.supervisor.ledger;

import static io.nsm.supervisor.ledger.Entries.save;
import static io.nsm.supervisor.model.Given.host;
import static io.nsm.supervisor.model.Given.id;
import static io.nsm.supervisor.model.Given.run;
import static io.nsm.supervisor.model.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose checkpoint counts, in exactly the order of decision 9, rule 7. */
class SaveRulesTest {
  private static final Epoch FIRST = new Epoch(1);
  private static final Epoch SECOND = new Epoch(2);
  private final Entries entries = Entries.of(host("a"), host("b"));

  @BeforeEach
  void grant() {
    entries.declare(standby("importer", 2));
    entries.grant("importer/1", id("a"), run("a", 1));
  }

  @Test
  void moves_the_pointer_forward_and_remembers_the_one_before() {
    entries.apply(save("importer", FIRST, 1, "one"));
    Answer second = entries.apply(save("importer", FIRST, 2, "two"));

    assertThat(second.effective()).isTrue();
    LedgerState.Process process = entries.process("importer");
    assertThat(process.checkpoint().map(CheckpointRef::sequence)).contains(2L);
    assertThat(process.previous().map(CheckpointRef::sequence)).contains(1L);
    assertThat(process.inline()).hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("two"));
    assertThat(process.savedAtMillis()).isEqualTo(2_002);
  }

  @Test
  void recognises_its_own_repetition_before_anything_else_even_after_the_next_grant() {
    Command save = save("importer", FIRST, 1, "one");
    entries.apply(save);
    succeed();

    Answer repeated = entries.apply(save);

    assertThat(repeated.effective()).as("it is saved, so it must not be told fenced").isTrue();
  }

  @Test
  void fences_an_epoch_that_is_not_the_grants() {
    succeed();

    assertThat(entries.apply(save("importer", FIRST, 5, "late")))
        .isEqualTo(new Answer.Fenced(SECOND));
    assertThat(entries.apply(save("importer", new Epoch(3), 5, "early")))
        .isEqualTo(new Answer.Fenced(SECOND));
    assertThat(entries.process("importer").checkpoint()).isEmpty();
  }

  @Test
  void fences_before_it_compares_numbers() {
    entries.apply(save("importer", FIRST, 5, "five"));
    succeed();

    assertThat(entries.apply(save("importer", FIRST, 5, "another five")))
        .isEqualTo(new Answer.Fenced(SECOND));
    assertThat(entries.apply(save("importer", FIRST, 4, "four")))
        .isEqualTo(new Answer.Fenced(SECOND));
  }

  @Test
  void takes_an_older_save_of_the_same_epoch_for_superseded() {
    entries.apply(save("importer", FIRST, 2, "two"));

    Answer older = entries.apply(save("importer", FIRST, 1, "one"));

    assertThat(older).isEqualTo(new Answer.Superseded());
    assertThat(entries.process("importer").checkpoint().map(CheckpointRef::sequence)).contains(2L);
  }

  @Test
  void refuses_two_different_checkpoints_of_one_number() {
    entries.apply(save("importer", FIRST, 2, "two"));

    Answer other = entries.apply(save("importer", FIRST, 2, "another two"));

    assertThat(other).isInstanceOf(Answer.Refused.class);
    assertThat(entries.process("importer").inline())
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("two"));
  }

  @Test
  void lets_the_last_save_of_an_epoch_in_while_its_grant_is_vacant() {
    entries.vacate("importer");

    Answer last = entries.apply(save("importer", FIRST, 1, "one"));

    assertThat(last.effective()).isTrue();
  }

  @Test
  void takes_the_newer_epochs_save_for_newer_whatever_its_number() {
    entries.apply(save("importer", FIRST, 9, "nine"));
    succeed();

    Answer lower = entries.apply(save("importer", SECOND, 1, "one"));

    assertThat(lower.effective()).isTrue();
    assertThat(entries.process("importer").checkpoint().map(CheckpointRef::epoch)).contains(SECOND);
  }

  private void succeed() {
    entries.vacate("importer");
    entries.grant("importer/2", id("b"), run("b", 1));
  }
}
