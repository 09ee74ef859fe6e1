package io.nsm.agent.chaos.check;

/** A file of a recording does not say what it should: which one, on which line, and what. */
public final class MalformedRecordingException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedRecordingException(String message) {
    super(message);
  }
}
