package io.nsm.supervisor.api;

/** Why a request was not done. */
public enum ErrorCode {
  /** The request itself is wrong, and will be each time. */
  INVALID(400),
  /** No token, or not the right one. */
  UNAUTHENTICATED(401),
  /** The caller is known and may not. */
  DENIED(403),
  /** There is no such process, instance, host or address. */
  NOT_FOUND(404),
  /** What is there stands against it: another revision, no standby, a process that is stopped. */
  CONFLICT(409),
  /** No host may take what was asked for. */
  CANNOT_BE_PLACED(422),
  /** A bug or a fault of the agent. */
  INTERNAL(500),
  /** Nothing can be decided now. It may be tried again. */
  NO_QUORUM(503),
  /** The outcome is not known. The same request may be sent again. */
  TIMED_OUT(504);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status that stands for it. */
  public int status() {
    return status;
  }
}
