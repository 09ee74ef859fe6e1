package io.nsm.supervisor.wire;

import org.jspecify.annotations.Nullable;

/** Some bytes are not the JSON of what was expected. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
