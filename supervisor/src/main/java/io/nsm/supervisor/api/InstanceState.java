package io.nsm.supervisor.api;

/** What an instance is doing, in one word. */
public enum InstanceState {
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
  UNKNOWN;

  /** Whether a run is there that the agent reached last time it looked. */
  public boolean running() {
    return switch (this) {
      case STARTING, READY, ACTIVE, STANDBY, DRAINING, STOPPING -> true;
      case STOPPED, BACKOFF, FAILED, COMPLETED, UNKNOWN -> false;
    };
  }

  /** Whether it does, or could at once do, what it is there for. */
  public boolean good() {
    return switch (this) {
      case READY, ACTIVE, STANDBY, COMPLETED -> true;
      case STARTING, DRAINING, STOPPING, STOPPED, BACKOFF, FAILED, UNKNOWN -> false;
    };
  }
}
