package io.nsm.agent.chaos.check;

/** One life of an instance of a process. */
record Run(String process, String instance, String host, String id) {
  @Override
  public String toString() {
    return instance + " (" + id + ")";
  }
}
