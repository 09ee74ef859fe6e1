package io.nsm.supervisor.grid.infinispan;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.infinispan.commons.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first write that fails be the last. A record that was written in part is then the end of
 * its file and is cut off at the next start; behind it nothing could be found. Infinispan's store
 * besides never completes a write after one that failed: it waits for more of them than come.
 */
final class FailStop {

  /** A write that takes longer has failed: what waits for the disk must not wait for ever. */
  private static final long LONGEST_SECONDS = 30;

  private final Consumer<Throwable> told;
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  FailStop(Consumer<Throwable> told) {
    this.told = told;
  }

  /** Does a write, unless one failed before; it fails as well if another does meanwhile. */
  CompletionStage<Void> write(Supplier<CompletableFuture<byte[]>> write) {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    underWay.add(outcome);
    outcome.whenComplete((done, failure) -> underWay.remove(outcome));
    Throwable before = first.get();
    if (before != null) {
      outcome.completeExceptionally(stopped(before));
      return outcome;
    }
    write
        .get()
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .whenComplete(
            (old, failure) -> {
              if (failure == null) {
                outcome.complete(null);
              } else {
                underWay.remove(outcome);
                failed(failure);
                outcome.completeExceptionally(failure);
              }
            });
    return outcome;
  }

  private static IOException stopped(Throwable first) {
    return new IOException("the store of the grid takes nothing: a write before it failed", first);
  }

  /** Writes that fail from now on do so because the store is closed. */
  void closing() {
    closing = true;
  }

  private void failed(Throwable failure) {
    // Waiting for another write of the same key says nothing of the disk.
    Throwable root = failure instanceof CompletionException both ? both.getCause() : failure;
    boolean waited = root instanceof TimeoutException;
    if (!waited && !closing && first.compareAndSet(null, failure)) {
      // None of them will ever be completed by the store.
      underWay.forEach(outcome -> outcome.completeExceptionally(stopped(failure)));
      told.accept(failure);
    }
  }
}
