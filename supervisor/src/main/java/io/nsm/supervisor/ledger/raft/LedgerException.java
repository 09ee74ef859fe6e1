package io.nsm.supervisor.ledger.raft;

/** The ledger cannot be started; the message says where, why and what to do. */
public final class LedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
