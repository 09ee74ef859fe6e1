package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.util.Set;

/**
 * Where a voter stands among the generations; kept on its disk.
 *
 * @param promised nothing of an older generation is accepted any more
 * @param active the newest generation whose whole state this voter has had, 0 before the first
 * @param installed whether it ever had the whole state, be it that there was none yet; false for an
 *     empty disk of which nobody knows what it held
 * @param members of the active generation
 */
record Standing(long promised, long active, boolean installed, Set<HostName> members) {
  static final Standing NEW = new Standing(0, 0, false, Set.of());

  /** Of a voter that never took part: all there was before the first generation is nothing. */
  static final Standing FRESH = new Standing(0, 0, true, Set.of());

  Standing {
    members = Set.copyOf(members);
  }

  /** Whether this voter takes part in a generation. */
  boolean in(long generation) {
    return promised == generation && active == generation;
  }

  Standing promise(long generation) {
    return new Standing(generation, active, installed, members);
  }

  Standing install(long asOf) {
    return new Standing(promised, Math.max(active, asOf), true, members);
  }

  Standing activate(long generation, Set<HostName> with) {
    return new Standing(promised, generation, true, with);
  }
}
