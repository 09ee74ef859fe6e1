package io.nsm.supervisor.grid.infinispan;

import io.nsm.supervisor.model.HostName;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where the grid of a host keeps its data.
 *
 * @param voters the hosts that keep a copy, 1 to 16; the same on every host
 * @param directory used only on a voter; must not be shared with anything else
 * @param fresh whether this voter never took part before, so that an empty directory is no loss
 */
public record GridConfig(Set<HostName> voters, Path directory, boolean fresh) {
  public GridConfig {
    voters = Set.copyOf(voters);
  }
}
