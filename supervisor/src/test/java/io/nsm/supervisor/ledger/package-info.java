/** What every ledger must hold to. */
@NullMarked
package io.nsm.supervisor.ledger;

import org.jspecify.annotations.NullMarked;
