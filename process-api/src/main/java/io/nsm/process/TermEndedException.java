package io.nsm.process;

/** This instance may no longer act in the term in which it tried to. */
public final class TermEndedException extends Exception {
  private static final long serialVersionUID = 1L;

  public TermEndedException(String reason) {
    super(reason);
  }
}
