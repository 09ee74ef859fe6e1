package io.nsm.supervisor.api;

/** What the operator wants of a process. */
public enum Wanted {
  RUNNING,
  STOPPED
}
