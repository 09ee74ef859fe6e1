package io.nsm.supervisor.api;

import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;

/**
 * Asks what applying would do.
 *
 * @param prune whether processes that are declared and not listed are removed
 */
public record PlanRequest(List<ProcessSpec> processes, boolean prune) {
  public PlanRequest {
    processes = List.copyOf(processes);
  }
}
