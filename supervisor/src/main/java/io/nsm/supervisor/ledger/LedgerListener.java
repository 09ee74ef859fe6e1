package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.HostName;
import java.util.Optional;

/** Learns of a member's part in the ledger. Called in order, by one thread at a time. */
public interface LedgerListener {

  /** This member leads, and has applied the first entry of its term. */
  void leading(long term);

  /** This member does not lead; another may be known to. */
  void following(Optional<HostName> leader);

  /** This member can take no further part, as its disk or its state failed. */
  void failed(String reason);
}
