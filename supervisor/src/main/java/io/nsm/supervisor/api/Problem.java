package io.nsm.supervisor.api;

/**
 * Something that is not well with a process.
 *
 * @param code for programs: {@link #CANNOT_BE_PLACED} or another reason code
 * @param text for people: what, where, and what to do
 */
public record Problem(String code, String text) {
  /** No host may take an instance. */
  public static final String CANNOT_BE_PLACED = "CANNOT_BE_PLACED";

  /** The last checkpoint's bytes are not to be had. */
  public static final String NO_CHECKPOINT_BYTES = "NO_CHECKPOINT_BYTES";
}
