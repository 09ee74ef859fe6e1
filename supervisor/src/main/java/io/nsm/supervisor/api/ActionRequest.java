package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import java.util.Optional;

/**
 * Asks for something to be done with a process.
 *
 * @param requestId chosen by the caller; the same request sent again is done once
 * @param target where to, for {@link Action#SWITCHOVER}; empty: any host that has a ready standby
 */
public record ActionRequest(String requestId, Optional<HostName> target) {
  public ActionRequest {
    RequestIds.check(requestId);
  }

  /** What can be done with a process. */
  public enum Action {
    START,
    STOP,
    RESTART,
    SWITCHOVER
  }
}
