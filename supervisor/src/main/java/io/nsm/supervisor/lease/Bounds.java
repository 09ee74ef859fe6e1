package io.nsm.supervisor.lease;

import io.nsm.supervisor.model.HostId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * For each host, the instant after which nothing of it can act any more: on this replica's own
 * monotonic clock, in nanoseconds.
 *
 * <p>A barrier entry names the hosts whose renewals it serves. A lease counts from when its renewal
 * was sent, which was before that entry was proposed and so before any replica applied it. So every
 * replica that waits {@code patience} from applying it has waited long enough, and a new leader
 * need not wait anew (decision 9, rule 3). For hosts that no entry named since this replica began,
 * {@code floor} holds: when it began, or was given a snapshot, plus {@code patience}.
 *
 * @param floor the bound of hosts that are not listed
 * @param patience the longest lease with its margin and the clocks' errors
 */
public record Bounds(long floor, Duration patience, Map<HostId, Long> ends) {

  public Bounds {
    ends = Map.copyOf(ends);
  }

  /** A replica begins now, or was given a snapshot now. */
  public static Bounds begin(long now, Duration patience) {
    return new Bounds(now + patience.toNanos(), patience, Map.of());
  }

  /** A barrier entry that serves these hosts was applied now. */
  public Bounds served(Collection<HostId> hosts, long now) {
    Map<HostId, Long> later = new HashMap<>(ends);
    for (HostId host : hosts) {
      later.merge(host, now + patience.toNanos(), Math::max);
    }
    return new Bounds(floor, patience, later);
  }

  /** The instant after which nothing of a host can act any more. */
  public long of(HostId host) {
    return Math.max(floor, ends.getOrDefault(host, floor));
  }

  /** Whether nothing of a host can act any more. */
  public boolean passed(HostId host, long now) {
    return now - of(host) > 0;
  }
}
