package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ErrorCode;

/** What nsmctl's exit tells a script. */
public enum ExitCode {
  OK(0, "done, or all is well"),
  ERROR(1, "failed for another reason than those below"),
  USAGE(2, "wrong use, or an invalid declaration"),
  NOT_RUNNING(3, "not running or not ready"),
  NO_SUCH(4, "no such process, instance or host"),
  DENIED(5, "denied: no token, or not the right one"),
  ROLLOUT_FAILED(6, "the change was made and what was wanted did not come of it"),
  TIMED_OUT(7, "timed out; it may still happen"),
  UNREACHABLE(8, "no quorum, or no agent answers"),
  CANNOT_BE_PLACED(9, "no host may take an instance");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The number that the shell sees. */
  public int number() {
    return number;
  }

  /** What it means, for help and reference. */
  public String meaning() {
    return meaning;
  }

  /** What stands for an agent's refusal. */
  static ExitCode of(ErrorCode code) {
    return switch (code) {
      case INVALID -> USAGE;
      case UNAUTHENTICATED, DENIED -> DENIED;
      case NOT_FOUND -> NO_SUCH;
      case CANNOT_BE_PLACED -> CANNOT_BE_PLACED;
      case NO_QUORUM -> UNREACHABLE;
      case TIMED_OUT -> TIMED_OUT;
      case CONFLICT, INTERNAL -> ERROR;
    };
  }
}
