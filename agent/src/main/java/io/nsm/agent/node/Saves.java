package io.nsm.agent.node;

import io.nsm.agent.link.Links.SaveAnswer;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Ledger;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Saves checkpoints: first the bytes into the grid, at a majority of the voters, then the pointer
 * into the ledger, which alone decides whether the epoch is still the one to save in; then the
 * process hears of it. Few bytes travel inside the ledger's entry.
 */
final class Saves {

  /** Up to this size the ledger itself keeps the bytes. */
  static final int INLINE_BYTES = 4096;

  /** How long an outcome is sought before the process is told that it is unknown. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration ONE_TRY = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 50;

  private final Ledger ledger;
  private final Supply grid;
  private final Function<ProcessName, Optional<CheckpointRef>> newest;

  /** The grid, once it has started. */
  interface Supply {
    CompletionStage<Grid> get();
  }

  Saves(Ledger ledger, Supply grid, Function<ProcessName, Optional<CheckpointRef>> newest) {
    this.ledger = ledger;
    this.grid = grid;
    this.newest = newest;
  }

  CompletionStage<SaveAnswer> save(ProcessName process, Epoch epoch, long sequence, byte[] bytes) {
    CheckpointRef ref = new CheckpointRef(process, epoch, sequence, Digest.of(bytes), bytes.length);
    boolean few = bytes.length <= INLINE_BYTES;
    byte[] command =
        Replica.encode(
            new Command.Save(
                process,
                epoch,
                sequence,
                ref.digest(),
                bytes.length,
                few ? Optional.of(bytes) : Optional.empty(),
                System.currentTimeMillis()));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    if (few) {
      return point(command, deadline);
    }
    Optional<CheckpointRef> previous = newest.apply(process);
    return store(ref, bytes, deadline)
        .thenCompose(
            stored ->
                stored == Grid.Stored.DONE
                    ? point(command, deadline)
                    : CompletableFuture.completedFuture(SaveAnswer.UNKNOWN))
        .thenApply(
            answer -> {
              if (answer == SaveAnswer.SAVED) {
                clear(ref, previous);
              }
              return answer;
            });
  }

  private CompletionStage<Grid.Stored> store(CheckpointRef ref, byte[] bytes, long deadline) {
    return grid.get()
        .thenCompose(g -> g.store(ref, bytes))
        .thenCompose(
            stored ->
                stored == Grid.Stored.DONE || System.nanoTime() - deadline > 0
                    ? CompletableFuture.completedFuture(stored)
                    : later(() -> store(ref, bytes, deadline)));
  }

  private CompletionStage<SaveAnswer> point(byte[] command, long deadline) {
    return ledger
        .submit(command, ONE_TRY)
        .thenCompose(
            outcome -> {
              if (outcome instanceof Ledger.Done done) {
                return CompletableFuture.completedFuture(
                    meaning(Replica.answered(done.answer()).answer()));
              }
              return System.nanoTime() - deadline > 0
                  ? CompletableFuture.completedFuture(SaveAnswer.UNKNOWN)
                  : later(() -> point(command, deadline));
            });
  }

  private static SaveAnswer meaning(Answer answer) {
    // Superseded: a newer one of the same epoch is in, so this run is not the one that holds it.
    return answer.effective() ? SaveAnswer.SAVED : SaveAnswer.TERM_ENDED;
  }

  /** Under one's own grant the pointer cannot be behind, so what is older is nobody's. */
  private void clear(CheckpointRef current, Optional<CheckpointRef> previous) {
    grid.get().thenAccept(g -> g.removeOlder(current, previous));
  }

  private static <T> CompletionStage<T> later(
      java.util.function.Supplier<CompletionStage<T>> what) {
    Executor pause = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(what, pause).thenCompose(stage -> stage);
  }
}
