package io.nsm.supervisor.model;

/** The name under which a process is declared. */
public record ProcessName(String name) implements Comparable<ProcessName> {
  public ProcessName {
    Names.check("process", name);
  }

  @Override
  public int compareTo(ProcessName other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
