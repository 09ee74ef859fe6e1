package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Counts answers. */
final class Majority {
  private Majority() {}

  /** Asks all; true as soon as so many succeeded, false as soon as that cannot be any more. */
  static CompletableFuture<Boolean> of(
      Collection<HostName> hosts, int needed, Function<HostName, CompletionStage<?>> question) {
    CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    AtomicInteger yes = new AtomicInteger();
    AtomicInteger left = new AtomicInteger(hosts.size() - needed);
    if (left.get() < 0) {
      outcome.complete(false);
    }
    for (HostName host : hosts) {
      question
          .apply(host)
          .whenComplete(
              (done, failure) -> {
                if (failure == null && yes.incrementAndGet() == needed) {
                  outcome.complete(true);
                } else if (failure != null && left.decrementAndGet() < 0) {
                  outcome.complete(false);
                }
              });
    }
    return outcome;
  }
}
