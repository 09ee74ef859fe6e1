package io.nsm.supervisor.api;

import io.nsm.supervisor.model.CheckpointRef;
import java.time.Instant;

/** Which checkpoint is the last; {@code savedAt} by the wall clock of the host that saved it. */
public record CheckpointStatus(CheckpointRef last, Instant savedAt) {}
