package io.nsm.agent.chaos;

/** Prints the names of all faults. */
final class ListFaults {
  private ListFaults() {}

  public static void main(String[] args) {
    Nemesis.known().forEach(fault -> System.out.println(fault.name()));
  }
}
