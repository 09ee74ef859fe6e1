package io.nsm.process.link;

/** The limits on everything that goes over the link; both ends refuse what exceeds them. */
public final class LinkLimits {
  /** The version of the protocol, in every frame. */
  public static final byte VERSION = 1;

  /** Version, kind and correlation: what follows the length in every frame. */
  public static final int HEADER = 10;

  /** The largest frame, in bytes after the length. */
  public static final int MAX_FRAME = 16 << 20;

  /** The largest first frame of a connection: nobody is known yet. */
  public static final int MAX_HELLO = 1 << 10;

  /** The largest checkpoint, in bytes. */
  public static final int MAX_CHECKPOINT = 8 << 20;

  /** The largest value in a shared map, in bytes. */
  public static final int MAX_VALUE = 1 << 20;

  /** The longest key in a shared map, in bytes of UTF-8. */
  public static final int MAX_KEY = 1 << 10;

  /** The longest name of a shared map, in bytes of UTF-8. */
  public static final int MAX_MAP_NAME = 64;

  /** The longest token or run id, in bytes of UTF-8. */
  public static final int MAX_IDENTITY = 256;

  /** The longest reason, in bytes of UTF-8; longer ones are cut when they are sent. */
  public static final int MAX_REASON = 4 << 10;

  /** The most entries in one answer. */
  public static final int MAX_ENTRIES = 1 << 20;

  /** The most operations on shared maps that one run may have unanswered. */
  public static final int MAX_UNANSWERED_MAP_CALLS = 64;

  /** The most saves that one run may have unanswered: later ones after time-outs count. */
  public static final int MAX_UNANSWERED_SAVES = 4;

  private LinkLimits() {}
}
