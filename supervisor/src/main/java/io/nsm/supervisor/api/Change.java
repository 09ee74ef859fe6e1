package io.nsm.supervisor.api;

import io.nsm.supervisor.model.ProcessName;
import java.util.List;

/**
 * What applying does, or did, to one process.
 *
 * @param changedKeys the paths in the declaration that differ: {@code restart.backoff.initial}
 * @param revision of the declaration from then on; 0 when it is removed
 * @param problems why it would not run as declared: no host may take an instance
 */
public record Change(
    ProcessName process,
    Action action,
    List<String> changedKeys,
    long revision,
    List<Problem> problems) {
  public Change {
    changedKeys = List.copyOf(changedKeys);
    problems = List.copyOf(problems);
  }

  /** How far a change reaches. */
  public enum Action {
    /** Nothing differs. */
    NONE,
    /** The process is new. */
    CREATE,
    /** The running instances go on; some may be added or removed. */
    IN_PLACE,
    /** The instances are started anew. */
    RESTART,
    /** The process is stopped and forgotten. */
    REMOVE
  }
}
