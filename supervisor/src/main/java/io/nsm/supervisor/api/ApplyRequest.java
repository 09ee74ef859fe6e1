package io.nsm.supervisor.api;

import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;
import java.util.Optional;

/**
 * Declares processes.
 *
 * @param requestId chosen by the caller; the same request sent again is applied once
 * @param basedOn the revision of all declarations that the caller saw; if it is not the current one
 *     any more, the request is refused as a conflict; empty: applied in any case
 * @param prune whether processes that are declared and not listed are removed
 */
public record ApplyRequest(
    String requestId, Optional<Long> basedOn, List<ProcessSpec> processes, boolean prune) {
  public ApplyRequest {
    RequestIds.check(requestId);
    processes = List.copyOf(processes);
  }
}
