package io.nsm.agent.http;

import io.nsm.supervisor.api.ApiError;
import io.nsm.supervisor.api.ErrorCode;
import java.util.Optional;

/** Ends a stage of {@link Operations} whose request is not done, and says why. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  private Refusal(ApiError error) {
    // An expected answer: nobody needs the stack.
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** Refuses; {@code hint} says what to do. */
  public static Refusal of(ErrorCode code, String message, String hint) {
    return new Refusal(new ApiError(code, message, Optional.of(hint)));
  }

  /** Refuses. */
  public static Refusal of(ErrorCode code, String message) {
    return new Refusal(new ApiError(code, message, Optional.empty()));
  }

  /** What the caller is told. */
  public ApiError error() {
    return error;
  }
}
