package io.nsm.supervisor.grid.quorum;

import java.util.Optional;

/**
 * One key set to a value or, without one, removed.
 *
 * @param version unique and growing over all keys: the generation, then a counter within it
 */
record Change(String key, long version, Optional<byte[]> value) {

  int size() {
    return key.length() + value.map(bytes -> bytes.length).orElse(0) + 32;
  }
}
