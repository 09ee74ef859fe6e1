package io.nsm.supervisor.api;

import java.util.List;

/**
 * What applying would do.
 *
 * @param basedOn the revision of all declarations that this was worked out for; an apply that names
 *     it is refused when another one came between
 */
public record PlanResult(long basedOn, List<Change> changes) {
  public PlanResult {
    changes = List.copyOf(changes);
  }

  /** Whether anything would change. */
  public boolean changesAnything() {
    return changes.stream().anyMatch(change -> change.action() != Change.Action.NONE);
  }
}
