package io.nsm.supervisor.api;

import java.util.List;

/**
 * What applying did.
 *
 * @param revision of all declarations from now on
 * @param index a view of the cluster shows the effect from this index on
 */
public record ApplyResult(long revision, long index, List<Change> changes) {
  public ApplyResult {
    changes = List.copyOf(changes);
  }
}
