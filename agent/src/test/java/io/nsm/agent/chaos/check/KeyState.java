package io.nsm.agent.chaos.check;

import java.util.Optional;

/**
 * What one key of a shared map holds: its value, if it has one, and the newest version that is
 * known to have been given to it so far (0: none). Versions grow, over removals too.
 */
record KeyState(Optional<String> value, long newest) {
  static final KeyState EMPTY = new KeyState(Optional.empty(), 0);

  boolean holds(String wanted) {
    return value.isPresent() && value.get().equals(wanted);
  }

  KeyState written(String written, long version) {
    return new KeyState(Optional.of(written), Math.max(newest, version));
  }

  KeyState removed() {
    return new KeyState(Optional.empty(), newest);
  }
}
