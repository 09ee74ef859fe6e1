package io.nsm.samples.flights;

/** A row that is not what its header promises. */
public final class MalformedRowException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedRowException(String reason) {
    super(reason);
  }

  public MalformedRowException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
