/** The port to the ledger: one durable, replicated order of commands. */
@NullMarked
package io.nsm.supervisor.ledger;

import org.jspecify.annotations.NullMarked;
