/** The Raft ledger over a network and disks that the tests control. */
@NullMarked
package io.nsm.supervisor.ledger.raft;

import org.jspecify.annotations.NullMarked;
