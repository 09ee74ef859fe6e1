package io.nsm.supervisor.api;

import java.util.Objects;

/** The one rule for the ids of requests. */
final class RequestIds {
  private static final int MAX_LENGTH = 64;

  private RequestIds() {}

  static void check(String requestId) {
    Objects.requireNonNull(requestId, "requestId is missing");
    if (requestId.isBlank() || requestId.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("requestId must have 1 to " + MAX_LENGTH + " characters");
    }
  }
}
