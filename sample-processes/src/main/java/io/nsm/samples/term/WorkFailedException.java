package io.nsm.samples.term;

/** The work cannot go on without a person's help; the message says what is needed. */
public final class WorkFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public WorkFailedException(String reason) {
    super(reason);
  }

  public WorkFailedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
