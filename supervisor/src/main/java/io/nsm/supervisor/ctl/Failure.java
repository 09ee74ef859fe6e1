package io.nsm.supervisor.ctl;

/** Ends a verb: what is wrong, what to do, and how nsmctl exits. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final String hint;

  Failure(ExitCode code, String message) {
    this(code, message, "");
  }

  /**
   * @param hint what to do; may be empty
   */
  Failure(ExitCode code, String message, String hint) {
    // An expected end: nobody needs the stack.
    super(message, null, false, false);
    this.code = code;
    this.hint = hint;
  }

  ExitCode code() {
    return code;
  }

  String hint() {
    return hint;
  }
}
