package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param index grows from event to event of the asked agent; where reading goes on
 * @param at the wall clock of the host that saw it
 * @param kind one of {@link Kinds}; readers must bear others
 * @param reason a reason code
 */
public record Event(
    long index,
    Instant at,
    Optional<ProcessName> process,
    Optional<InstanceId> instance,
    Optional<HostName> host,
    String kind,
    Optional<String> reason,
    String text,
    Optional<PromotionTimeline> promotion) {

  /** The kinds of events that this version knows. */
  public static final class Kinds {
    public static final String APPLIED = "APPLIED";
    public static final String REMOVED = "REMOVED";
    public static final String STARTED = "STARTED";
    public static final String READY = "READY";
    public static final String EXITED = "EXITED";
    public static final String LAUNCH_FAILED = "LAUNCH_FAILED";
    public static final String BACKOFF = "BACKOFF";
    public static final String FAILED = "FAILED";
    public static final String COMPLETED = "COMPLETED";
    public static final String STOPPED = "STOPPED";
    public static final String PROMOTED = "PROMOTED";
    public static final String DEMOTED = "DEMOTED";
    public static final String OUTPUT_DROPPED = "OUTPUT_DROPPED";
    public static final String HOST_UP = "HOST_UP";
    public static final String HOST_LOST = "HOST_LOST";
    public static final String LEADER = "LEADER";
    public static final String QUORUM_LOST = "QUORUM_LOST";

    private Kinds() {}
  }
}
