package io.nsm.supervisor.model;

/** The one word for what an instance is doing. */
public enum StateWord {
  STARTING,
  READY,
  ACTIVE,
  STANDBY,
  DRAINING,
  STOPPING,
  STOPPED,
  BACKOFF,
  FAILED,
  COMPLETED,
  UNKNOWN
}
