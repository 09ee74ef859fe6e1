package io.nsm.agent.chaos.check;

/**
 * A call on one key: it took effect at one moment between these two, in ns, or never if its outcome
 * is unknown ({@code returned} is then {@link #NEVER}).
 */
record KeyCall(String client, KeyOperation operation, long invoked, long returned) {
  static final long NEVER = Long.MAX_VALUE;

  boolean unknown() {
    return returned == NEVER;
  }

  KeyCall with(KeyOperation other) {
    return new KeyCall(client, other, invoked, returned);
  }
}
