package io.nsm.agent.node;

/** The agent cannot start, and the message says what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }

  /** With the message of another failure, which says what to do already. */
  public StartException(Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
