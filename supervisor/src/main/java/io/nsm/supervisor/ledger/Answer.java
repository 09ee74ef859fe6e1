package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.Epoch;

/** What the ledger says of a command that it applied. */
public sealed interface Answer {

  /** The command took effect, or had taken effect before. */
  record Done(long revision) implements Answer {
    static final Done DONE = new Done(0);
  }

  /** The grant was decided. */
  record Granted(Epoch epoch) implements Answer {}

  /** The state it was decided on is no longer there, or it makes no sense; nothing changed. */
  record Refused(String why) implements Answer {}

  /** A save under an epoch that is not the grant's; nothing changed. */
  record Fenced(Epoch current) implements Answer {}

  /** A save behind a newer one of the same epoch; nothing changed. */
  record Superseded() implements Answer {}

  /** Whether the command took effect. */
  default boolean effective() {
    return this instanceof Done || this instanceof Granted;
  }
}
