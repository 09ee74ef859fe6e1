package io.nsm.agent.node;

import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Fences that are raised while the ledger still takes in the grant they are for. What is refused is
 * every epoch up to one that is over for good, so a fence is right whatever becomes of the grant;
 * and as a grant follows exactly the epoch that it names, no epoch of the process lies between.
 * Confined to the agent's loop.
 */
final class EarlyFences {
  private final CompletionStage<Grid> grid;
  private final Map<ProcessName, Raising> newest = new HashMap<>();

  EarlyFences(CompletionStage<Grid> grid) {
    this.grid = grid;
  }

  private record Raising(Epoch over, CompletionStage<Grid.Stored> stored) {}

  /** Begins to refuse the writes of an epoch and of those before it. */
  void raise(ProcessName process, Epoch over) {
    Raising before = newest.get(process);
    if (before == null || over.isAfter(before.over())) {
      Epoch next = new Epoch(over.number() + 1);
      newest.put(process, new Raising(over, grid.thenCompose(g -> g.raiseFence(process, next))));
    }
  }

  /** What became of the fence behind an epoch, if it was begun here. */
  Optional<CompletionStage<Grid.Stored>> raised(ProcessName process, Epoch over) {
    return Optional.ofNullable(newest.get(process))
        .filter(raising -> raising.over().equals(over))
        .map(Raising::stored);
  }
}
