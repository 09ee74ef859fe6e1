package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which map operations wait for the ledger; what comes to the grid is listed. */
class FirstWritesTest {
  private static final ProcessName IMPORTER = new ProcessName("importer");
  private static final Optional<MapResult> PASSED = Optional.empty();

  private final List<Command.Writes> said = new ArrayList<>();
  private final Deque<Consumer<Optional<Answer>>> unanswered = new ArrayDeque<>();
  private final List<Optional<MapResult>> outcomes = new ArrayList<>();
  private final FirstWrites writes =
      new FirstWrites(
          () -> LedgerState.EMPTY,
          (word, then) -> {
            said.add(word);
            unanswered.add(then);
          });

  @Test
  void lets_through_what_is_not_fenced() {
    writes.admit(new MapOperation.Get("map", "key"), outcomes::add);
    writes.admit(new MapOperation.Put("map", "key", new byte[0], Optional.empty()), outcomes::add);

    assertThat(outcomes).containsExactly(PASSED, PASSED);
    assertThat(said).isEmpty();
  }

  @Test
  void holds_the_first_writes_back_until_the_ledger_took_one_word_for_all_of_them() {
    write(7);
    write(7);

    assertThat(outcomes).isEmpty();
    assertThat(said).containsExactly(new Command.Writes(IMPORTER, new Epoch(7)));

    answer(Optional.of(new Answer.Done(0)));
    write(7);
    write(8);

    assertThat(outcomes).containsExactly(PASSED, PASSED, PASSED, PASSED);
    assertThat(said).hasSize(1);
  }

  @Test
  void refuses_what_the_ledger_says_is_over() {
    write(7);
    answer(Optional.of(new Answer.Fenced(new Epoch(9))));

    assertThat(outcomes).containsExactly(Optional.of(new MapResult.Fenced(new Epoch(9))));
  }

  @Test
  void asks_again_for_an_epoch_before_the_one_that_is_known() {
    write(7);
    answer(Optional.of(new Answer.Done(0)));
    write(6);

    assertThat(said).hasSize(2);
    assertThat(outcomes).hasSize(1);
  }

  @Test
  void hands_nothing_to_the_grid_when_it_is_not_known_what_the_ledger_took() {
    write(7);
    answer(Optional.empty());

    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0)).containsInstanceOf(MapResult.Unknown.class);

    write(7);
    assertThat(said).as("the next one asks again").hasSize(2);
  }

  private void write(long epoch) {
    Fence fence = new Fence(IMPORTER, new Epoch(epoch));
    writes.admit(
        new MapOperation.Put("map", "key", new byte[0], Optional.of(fence)), outcomes::add);
  }

  private void answer(Optional<Answer> answer) {
    unanswered.remove().accept(answer);
  }
}
