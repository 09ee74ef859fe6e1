package io.nsm.process;

/**
 * A shared map could not be reached or its answer did not come in time: for a write, it may have
 * taken place or not.
 */
public final class MapUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public MapUnavailableException(String reason) {
    super(reason);
  }
}
