package io.nsm.supervisor.model;

/** One copy of a process: {@code importer/1}. */
public record InstanceId(ProcessName process, int number) implements Comparable<InstanceId> {
  public InstanceId {
    if (number < 1) {
      throw new IllegalArgumentException("instances are numbered from 1, not " + number);
    }
  }

  /** Reads {@code importer/1}. */
  public static InstanceId parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("'" + text + "' is not an instance such as importer/1");
    }
    return new InstanceId(
        new ProcessName(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  @Override
  public int compareTo(InstanceId other) {
    int byProcess = process.compareTo(other.process);
    return byProcess != 0 ? byProcess : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return process + "/" + number;
  }
}
