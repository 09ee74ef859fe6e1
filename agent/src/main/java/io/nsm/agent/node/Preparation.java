package io.nsm.agent.node;

import io.nsm.agent.link.Links.Saved;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Grant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes ready for acting under a grant: refuses older epochs' writes everywhere, if there can be
 * any, and gets the bytes of the checkpoint; both at the same time. Never settles for an older
 * checkpoint.
 */
final class Preparation {

  /** How long an answer is sought; then another host may try. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long PAUSE_MILLIS = 50;

  private final CompletionStage<Grid> grid;
  private final Grant.Held grant;
  private final Optional<CheckpointRef> checkpoint;
  private final Optional<byte[]> inline;
  private final boolean writes;
  private final Optional<CompletionStage<Grid.Stored>> begun;
  private final Duration patience;
  private final long deadline;

  /**
   * Prepares a grant; {@link #run} does.
   *
   * @param writes whether there may be older writes to refuse
   * @param begun the fence, if it was begun before the grant was known
   */
  Preparation(
      CompletionStage<Grid> grid,
      Grant.Held grant,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline,
      boolean writes,
      Optional<CompletionStage<Grid.Stored>> begun) {
    this(grid, grant, checkpoint, inline, writes, begun, PATIENCE);
  }

  Preparation(
      CompletionStage<Grid> grid,
      Grant.Held grant,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline,
      boolean writes,
      Optional<CompletionStage<Grid.Stored>> begun,
      Duration patience) {
    this.grid = grid;
    this.grant = grant;
    this.checkpoint = checkpoint;
    this.inline = inline;
    this.writes = writes;
    this.begun = begun;
    this.patience = patience;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** Why a preparation failed. */
  private static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(String why) {
      super(why);
    }
  }

  /** The checkpoint with its bytes, if there is one; fails with a reason for {@link #why}. */
  CompletionStage<Optional<Saved>> run() {
    return grid.thenCompose(
            g -> {
              CompletionStage<Boolean> fenced =
                  writes ? begun(g) : CompletableFuture.completedFuture(true);
              return fenced.thenCombine(bytes(g), (done, saved) -> saved);
            })
        .toCompletableFuture()
        .orTimeout(2 * patience.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    failure instanceof TimeoutException
                        ? new FailedException("NOT_PREPARED: the grid did not answer")
                        : failure));
  }

  static String why(Throwable failure) {
    Throwable root = failure instanceof CompletionException ? failure.getCause() : failure;
    return root == null ? failure.toString() : String.valueOf(root.getMessage());
  }

  /** A fence that was begun early and was not raised is begun anew. */
  private CompletionStage<Boolean> begun(Grid g) {
    return begun
        .map(
            raising ->
                raising
                    .exceptionally(failure -> Grid.Stored.UNKNOWN)
                    .thenCompose(
                        stored ->
                            stored == Grid.Stored.DONE
                                ? CompletableFuture.completedFuture(true)
                                : fence(g)))
        .orElseGet(() -> fence(g));
  }

  private CompletionStage<Boolean> fence(Grid g) {
    return g.raiseFence(grant.instance().process(), grant.epoch())
        .thenCompose(
            stored -> {
              if (stored == Grid.Stored.DONE) {
                return CompletableFuture.completedFuture(true);
              }
              if (System.nanoTime() - deadline > 0) {
                throw new FailedException("FENCE_NOT_RAISED: the grid has no majority of voters");
              }
              return later(() -> fence(g));
            });
  }

  private CompletionStage<Optional<Saved>> bytes(Grid g) {
    if (checkpoint.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CheckpointRef ref = checkpoint.get();
    if (inline.isPresent()) {
      if (!Digest.of(inline.get()).equals(ref.digest())) {
        throw new IllegalStateException("the ledger's copy of " + ref + " has another digest");
      }
      return CompletableFuture.completedFuture(Optional.of(saved(ref, inline.get())));
    }
    return g.find(ref).thenCompose(found -> found.match(new Finding(g, ref)));
  }

  private final class Finding implements Grid.Found.Cases<CompletionStage<Optional<Saved>>> {
    private final Grid grid;
    private final CheckpointRef ref;

    Finding(Grid grid, CheckpointRef ref) {
      this.grid = grid;
      this.ref = ref;
    }

    @Override
    public CompletionStage<Optional<Saved>> bytes(Grid.Bytes bytes) {
      return CompletableFuture.completedFuture(Optional.of(saved(ref, bytes.bytes())));
    }

    @Override
    public CompletionStage<Optional<Saved>> nowhere(Grid.Nowhere nowhere) {
      throw new FailedException(
          "NO_BYTES: every voter says that it has no bytes of checkpoint " + ref);
    }

    @Override
    public CompletionStage<Optional<Saved>> unreachable(Grid.Unreachable unreachable) {
      if (System.nanoTime() - deadline > 0) {
        throw new FailedException(
            "BYTES_UNREACHABLE: the bytes of checkpoint %s are not here, and %s did not answer"
                .formatted(ref, unreachable.silent()));
      }
      return later(() -> Preparation.this.bytes(grid));
    }
  }

  private static Saved saved(CheckpointRef ref, byte[] bytes) {
    return new Saved(ref.epoch(), ref.sequence(), bytes);
  }

  private static <T> CompletionStage<T> later(
      java.util.function.Supplier<CompletionStage<T>> what) {
    return CompletableFuture.supplyAsync(
            what, CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
        .thenCompose(stage -> stage);
  }
}
