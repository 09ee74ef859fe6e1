package io.nsm.agent.node;

import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.HostName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The ledger as this host has it: a copy to look at, and a way to have something decided. */
interface LedgerHere {

  /** How this agent was set up. */
  AgentConfig config();

  /** The hosts that can be reached, this one included. */
  Set<HostName> reachable();

  /** This host's copy, and the place in the ledger up to which it has come. */
  Replica.Change latest();

  /** This host's copy. */
  default LedgerState state() {
    return latest().state();
  }

  /**
   * Submits a command; empty if what became of it is not known or it was not taken. The copy here
   * may be behind the answer.
   */
  CompletionStage<Optional<Replica.Answered>> submit(Command command);
}
