/** The ledger as a Raft group of Apache Ratis, whose messages the agents' channel carries. */
@NullMarked
package io.nsm.supervisor.ledger.raft;

import org.jspecify.annotations.NullMarked;
