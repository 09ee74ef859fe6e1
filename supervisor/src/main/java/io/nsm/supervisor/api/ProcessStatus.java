package io.nsm.supervisor.api;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;
import java.util.Optional;

/**
 * A process and its instances.
 *
 * @param revision of its declaration
 * @param replicas how many instances are declared
 * @param epoch of the current or last grant; 0 before the first
 * @param active who acts; always empty but for {@code active-standby}
 * @param problems what is not well, beyond what the states of the instances say
 */
public record ProcessStatus(
    ProcessName name,
    ProcessSpec.Mode mode,
    Wanted wanted,
    long revision,
    int replicas,
    Epoch epoch,
    Optional<ActiveInstance> active,
    List<InstanceStatus> instances,
    List<Problem> problems) {
  public ProcessStatus {
    instances = List.copyOf(instances);
    problems = List.copyOf(problems);
  }
}
