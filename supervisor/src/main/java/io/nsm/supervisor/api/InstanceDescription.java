package io.nsm.supervisor.api;

import java.util.List;

/**
 * An instance and its past.
 *
 * @param ended its last runs, the newest first
 */
public record InstanceDescription(InstanceStatus status, List<EndedRun> ended) {
  public InstanceDescription {
    ended = List.copyOf(ended);
  }
}
