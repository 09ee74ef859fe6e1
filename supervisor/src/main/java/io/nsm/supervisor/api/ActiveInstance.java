package io.nsm.supervisor.api;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import java.time.Instant;

/** Who acts for a process. */
public record ActiveInstance(InstanceId instance, HostName host, Epoch epoch, Instant since) {}
