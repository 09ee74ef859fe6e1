package io.nsm.supervisor.model;

/** The identity of a host's data directory: a random id written once, when it was initialised. */
public record HostId(String id) implements Comparable<HostId> {
  public HostId {
    if (id.isBlank() || id.length() > 64) {
      throw new IllegalArgumentException("host id '" + id + "' must have 1 to 64 characters");
    }
  }

  @Override
  public int compareTo(HostId other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return id;
  }
}
