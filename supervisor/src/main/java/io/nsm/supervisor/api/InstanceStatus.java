package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * An instance as its host last told.
 *
 * @param host where it is placed; empty if no host may take it
 * @param run its current or last run
 * @param pid of the current run
 * @param reason the reason code of the last end, or why it waits: {@code EXIT_1}, {@code HUNG}
 * @param since since when it is in this state
 * @param restarts how often it was started anew since it was last started by an operator
 * @param ready whether the run has said that it is ready
 * @param link whether the run is connected to its agent
 * @param nextRestart when it is started again, in {@link InstanceState#BACKOFF}
 */
public record InstanceStatus(
    InstanceId id,
    Optional<HostName> host,
    Optional<RunId> run,
    Optional<Long> pid,
    InstanceState state,
    Optional<String> reason,
    Instant since,
    int restarts,
    boolean ready,
    boolean link,
    Optional<Instant> nextRestart) {}
