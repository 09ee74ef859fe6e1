package io.nsm.supervisor.config;

import java.util.Optional;

/**
 * One thing that is wrong, and what to do about it.
 *
 * @param path the keys that lead to it, {@code processes.importer.stop}; empty for a whole source
 * @param message what was found and what was expected
 * @param other the second place of a contradiction; the message ends with what stands there
 * @param hint what to do; may be empty
 */
public record Problem(
    Place place, String path, String message, Optional<Place> other, String hint) {

  static Problem at(Place place, String path, String message) {
    return new Problem(place, path, message, Optional.empty(), "");
  }

  Problem against(Place second) {
    return new Problem(place, path, message, Optional.of(second), hint);
  }

  Problem hint(String advice) {
    return new Problem(place, path, message, other, advice);
  }

  /** {@code conf/feed.yaml:12:5: processes.importer.restrat: unknown key; did you mean …}. */
  @Override
  public String toString() {
    return place
        + ": "
        + (path.isEmpty() ? "" : path + ": ")
        + message
        + other.map(second -> " (" + second + ")").orElse("")
        + (hint.isEmpty() ? "" : "; " + hint);
  }
}
