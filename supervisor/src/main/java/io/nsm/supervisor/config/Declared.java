package io.nsm.supervisor.config;

import io.nsm.supervisor.model.ProcessSpec;
import java.util.List;

/**
 * What declarations say.
 *
 * @param processes in the order of the texts
 * @param warnings what can be used but is probably not meant
 */
public record Declared(List<ProcessSpec> processes, List<Problem> warnings) {
  public Declared {
    processes = List.copyOf(processes);
    warnings = List.copyOf(warnings);
  }
}
