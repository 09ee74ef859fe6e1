package io.nsm.supervisor.lease;

import io.nsm.supervisor.model.Grant;
import java.time.Duration;
import java.util.List;

/**
 * What a host has in hand: how long it may act, and for which grants.
 *
 * @param end the last instant of the lease, on the host's own clock, in nanoseconds
 * @param barrier the place in the ledger of the newest answer's barrier; -1 before the first
 * @param grants the host's grants as of that barrier
 */
public record HostLease(long end, long barrier, List<Grant.Held> grants) {

  public HostLease {
    grants = List.copyOf(grants);
  }

  /** No answer yet. */
  public static HostLease none(long now) {
    return new HostLease(now - 1, -1, List.of());
  }

  /**
   * A renewal was answered. The lease counts from when it was sent; of several answers the latest
   * end holds, and the list of the newest barrier.
   */
  public HostLease answered(long sent, Duration ttl, long barrier, List<Grant.Held> grants) {
    long later = Math.max(end, sent + ttl.toNanos());
    return barrier > this.barrier
        ? new HostLease(later, barrier, grants)
        : new HostLease(later, this.barrier, this.grants);
  }

  /** The lease after the leader took it away: over by now. */
  public HostLease endedBefore(long now) {
    return new HostLease(Math.min(end, now - 1), barrier, grants);
  }

  /** Whether the host may act at all. */
  public boolean valid(long now) {
    return now - end <= 0;
  }

  /**
   * Whether a run may act under a grant: the lease is valid, and the grant is either newer than the
   * newest answer or in its list (decision 9, rule 4). A lease alone says nothing about a grant.
   */
  public boolean covers(Grant.Held grant, long now) {
    return valid(now) && (grant.index() > barrier || grants.contains(grant));
  }
}
