package io.nsm.agent.launch;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import java.time.Instant;
import java.util.Optional;

/** A run as its directory tells of it. */
public record RunRecord(
    InstanceId instance, RunId run, Instant launchedAt, Optional<ExitStatus> ended) {}
