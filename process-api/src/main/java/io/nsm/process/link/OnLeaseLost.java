package io.nsm.process.link;

/** What a process does when its lease ends while it acts. */
public enum OnLeaseLost {
  /** Ends the JVM at once. */
  HALT,
  /** Calls {@code deactivate} and waits for another epoch. */
  DEMOTE
}
