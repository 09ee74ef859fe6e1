package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a search has been at. Of configurations that differ only in the calls of unknown outcome
 * that they used, it keeps those that used no more than they had to.
 */
final class Memory {
  private record Place(KeyState state, long done) {}

  private final Map<Place, List<Configuration>> kept = new HashMap<>();

  /** Whether it is new; if not, all that can follow from it was looked at or will be. */
  boolean add(Configuration configuration) {
    List<Configuration> there =
        kept.computeIfAbsent(
            new Place(configuration.state(), configuration.done()), key -> new ArrayList<>(1));
    if (there.stream().anyMatch(old -> old.needsNoMoreThan(configuration))) {
      return false;
    }
    there.removeIf(configuration::needsNoMoreThan);
    there.add(configuration);
    return true;
  }

  Set<Configuration> all() {
    Set<Configuration> all = new LinkedHashSet<>();
    kept.values().forEach(all::addAll);
    return all;
  }
}
