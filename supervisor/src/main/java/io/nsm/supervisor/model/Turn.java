package io.nsm.supervisor.model;

import java.util.List;
import java.util.Optional;

/**
 * What a leader sees of a process that depends on others.
 *
 * @param on the dependencies that this is about; of others it says nothing
 * @param waitsFor what is not there yet; empty if its instances may be started
 * @param living whether a run of it lives on any host: what it depends on is stopped after it
 */
public record Turn(
    ProcessName process, List<Dependency> on, Optional<String> waitsFor, boolean living) {
  public Turn {
    on = List.copyOf(on);
  }
}
