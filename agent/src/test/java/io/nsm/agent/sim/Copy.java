package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Replica;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** An agent's own copy of the ledger, which may lag behind what its member applied. */
final class Copy {
  private final Consumer<Replica.Change> agent;
  private final Queue<Replica.Change> held = new ArrayDeque<>();
  private boolean lags;

  Copy(Consumer<Replica.Change> agent) {
    this.agent = agent;
  }

  void changed(Replica.Change change) {
    if (lags) {
      held.add(change);
    } else {
      agent.accept(change);
    }
  }

  /** From now on it lags, or does no longer. */
  void lag(boolean lag) {
    lags = lag;
    if (!lag) {
      catchUp(Long.MAX_VALUE);
    }
  }

  /** It learns what is up to an entry, and lags on. */
  void catchUp(long index) {
    while (!held.isEmpty() && held.element().index() <= index) {
      agent.accept(held.remove());
    }
  }
}
