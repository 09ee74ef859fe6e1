package io.nsm.supervisor.model;

/** The configured name of a host; for people and addresses. Identity is {@link HostId}. */
public record HostName(String name) implements Comparable<HostName> {
  public HostName {
    Names.check("host", name);
  }

  @Override
  public int compareTo(HostName other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
