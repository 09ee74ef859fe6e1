package io.nsm.agent.launch;

import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.time.Instant;
import java.util.Map;

/**
 * What was to be launched: all that an agent needs which adopts the run.
 *
 * @param boot the kernel boot in which it was: process numbers of another one mean nothing
 */
record Order(
    InstanceId instance,
    RunId run,
    ProcessSpec spec,
    Map<String, String> environment,
    Instant launchedAt,
    String boot) {
  Order {
    environment = Map.copyOf(environment);
  }
}
