package io.nsm.process.link;

import java.io.IOException;

/** The other end sent what the protocol does not allow; the connection cannot go on. */
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String what) {
    super(what);
  }
}
