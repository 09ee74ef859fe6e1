package io.nsm.supervisor.ledger;

/**
 * What the ledger's commands are applied to. Called by one thread at a time, in the ledger's order.
 * Anything thrown is a bug and ends the member loudly.
 */
public interface StateMachine {

  /**
   * Applies one entry.
   *
   * @param index its place in the log; grows, with gaps
   * @param term the term of the leader that appended it
   * @return the answer for whoever submitted it
   */
  byte[] apply(long index, long term, byte[] command);

  /** The whole state as of the last applied entry. */
  byte[] snapshot();

  /** Replaces the state by a snapshot that was taken after applying {@code index}. */
  void restore(long index, byte[] snapshot);
}
