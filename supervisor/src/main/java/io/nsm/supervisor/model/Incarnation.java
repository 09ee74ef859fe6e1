package io.nsm.supervisor.model;

/** One life of an agent: a random id made at each start of the agent. */
public record Incarnation(String id) {
  public Incarnation {
    if (id.isBlank() || id.length() > 64) {
      throw new IllegalArgumentException("incarnation '" + id + "' must have 1 to 64 characters");
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
