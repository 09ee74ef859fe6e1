package io.nsm.supervisor.api;

import io.nsm.supervisor.model.ProcessSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All about one process.
 *
 * @param at the asked agent's wall clock
 * @param index how far in the ledger this view is
 * @param spec as declared, defaults filled in
 * @param why sentences that say why the process is in its state
 */
public record ProcessDescription(
    Instant at,
    long index,
    ProcessStatus status,
    ProcessSpec spec,
    List<InstanceDescription> instances,
    Optional<CheckpointStatus> checkpoint,
    List<String> why) {
  public ProcessDescription {
    instances = List.copyOf(instances);
    why = List.copyOf(why);
  }
}
