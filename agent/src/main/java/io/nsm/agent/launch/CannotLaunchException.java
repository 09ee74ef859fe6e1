package io.nsm.agent.launch;

/** Nothing can be launched, for a reason told to people: where, what, what to do. */
final class CannotLaunchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  CannotLaunchException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
