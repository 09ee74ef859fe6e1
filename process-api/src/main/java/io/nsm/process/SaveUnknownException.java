package io.nsm.process;

/** Whether a save took place could not be learnt in time. */
public final class SaveUnknownException extends Exception {
  private static final long serialVersionUID = 1L;

  public SaveUnknownException(String reason) {
    super(reason);
  }
}
