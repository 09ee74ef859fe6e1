package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.HOST;
import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.link.Links.SaveAnswer;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Ledger;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Saves of worker/1, which holds epoch 1, over a ledger and a grid in memory. */
class SavesTest {
  private static final byte[] FEW = {1, 2, 3};
  private static final byte[] MANY = new byte[Saves.INLINE_BYTES + 1];

  private final MemoryGrid grid = new MemoryGrid();
  private final OneLog ledger = new OneLog();
  private final Saves saves =
      new Saves(
          ledger,
          () -> CompletableFuture.completedFuture(grid),
          name -> ledger.worker().checkpoint());
  private final Epoch epoch = ledger.grant().epoch();

  @Test
  void few_bytes_travel_in_the_entry_of_the_ledger_itself() throws Exception {
    assertThat(saved(epoch, 1, FEW)).isEqualTo(SaveAnswer.SAVED);

    assertThat(ledger.worker().checkpoint()).contains(ref(1, FEW));
    assertThat(ledger.worker().inline()).hasValueSatisfying(it -> assertThat(it).isEqualTo(FEW));
    assertThat(find(ref(1, FEW))).isInstanceOf(Grid.Nowhere.class);
  }

  @Test
  void many_bytes_are_in_the_grid_before_the_ledger_points_at_them() throws Exception {
    ledger.before = () -> assertThat(find(ref(1, MANY))).isInstanceOf(Grid.Bytes.class);

    assertThat(saved(epoch, 1, MANY)).isEqualTo(SaveAnswer.SAVED);

    assertThat(ledger.submitted).hasSize(1);
    assertThat(ledger.worker().checkpoint()).contains(ref(1, MANY));
    assertThat(ledger.worker().inline()).isEmpty();
  }

  @Test
  void the_last_two_are_kept_and_what_is_older_is_removed() throws Exception {
    for (int sequence = 1; sequence <= 3; sequence++) {
      saved(epoch, sequence, MANY);
    }

    assertThat(find(ref(3, MANY))).isInstanceOf(Grid.Bytes.class);
    assertThat(find(ref(2, MANY))).isInstanceOf(Grid.Bytes.class);
    assertThat(find(ref(1, MANY))).isInstanceOf(Grid.Nowhere.class);
  }

  @Test
  void what_is_not_known_is_asked_again_with_the_same_command_and_counts_once() throws Exception {
    ledger.lost = 2;
    grid.loseAnswers(1);

    assertThat(saved(epoch, 1, MANY)).isEqualTo(SaveAnswer.SAVED);

    assertThat(ledger.submitted).hasSize(3);
    assertThat(ledger.submitted).allMatch(it -> Arrays.equals(it, ledger.submitted.get(0)));
    assertThat(ledger.worker().checkpoint()).contains(ref(1, MANY));
  }

  @Test
  void a_save_of_an_epoch_that_is_over_is_refused_and_removes_nothing() throws Exception {
    saved(epoch, 1, MANY);
    ledger.apply(new Command.Vacate(WORKER.process(), epoch, run(1), "HAND_OVER", 0));
    Epoch next = ledger.grant().epoch();

    assertThat(saved(epoch, 2, MANY)).isEqualTo(SaveAnswer.TERM_ENDED);
    assertThat(saved(epoch, 3, FEW)).isEqualTo(SaveAnswer.TERM_ENDED);

    assertThat(next).isNotEqualTo(epoch);
    assertThat(ledger.worker().checkpoint()).contains(ref(1, MANY));
    assertThat(find(ref(1, MANY))).isInstanceOf(Grid.Bytes.class);
  }

  private SaveAnswer saved(Epoch epoch, long sequence, byte[] bytes) throws Exception {
    return saves
        .save(WORKER.process(), epoch, sequence, bytes)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private CheckpointRef ref(long sequence, byte[] bytes) {
    return new CheckpointRef(WORKER.process(), epoch, sequence, Digest.of(bytes), bytes.length);
  }

  private Grid.Found find(CheckpointRef ref) {
    return grid.found(ref);
  }

  /** A ledger of one member, which applies everything and may lose what it would answer. */
  private static final class OneLog implements Ledger {
    private final List<byte[]> submitted = new ArrayList<>();
    private LedgerState state = LedgerState.EMPTY;
    private final Replica replica = new Replica(change -> state = change.state());
    private Runnable before = () -> {};
    private long index;
    private int lost;

    OneLog() {
      apply(new Command.Configure("test", LeaseTerms.FAST));
      apply(new Command.Join(Ledgers.A, Optional.empty(), Optional.empty(), 1));
      apply(new Command.Declare("declare", 0, List.of(hot()), false, 0));
      apply(new Command.Place(WORKER, Optional.empty(), Optional.of(HOST)));
    }

    LedgerState.Process worker() {
      return state.process(WORKER.process()).orElseThrow();
    }

    void apply(Command command) {
      replica.apply(++index, 1, Replica.encode(command));
    }

    Grant.Held grant() {
      apply(
          new Command.Grant(
              WORKER.process(),
              worker().grant().epoch(),
              new Command.Evidence.Vacant(),
              WORKER,
              HOST,
              run(1)));
      return worker().holder().orElseThrow();
    }

    @Override
    public CompletionStage<Outcome> submit(byte[] command, Duration timeout) {
      before.run();
      submitted.add(command);
      byte[] answer = replica.apply(++index, 1, command);
      boolean silent = lost-- > 0;
      return CompletableFuture.completedFuture(silent ? new Unknown("lost") : new Done(answer));
    }

    @Override
    public CompletionStage<Outcome> append(byte[] command) {
      throw new IllegalStateException("a save is never appended");
    }

    @Override
    public void close() {}
  }
}
