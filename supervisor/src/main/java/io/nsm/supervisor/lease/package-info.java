/**
 * Pure: how long a host may act, on its own clock, and how long it must be waited for, on the clock
 * of a ledger's replica.
 */
@NullMarked
package io.nsm.supervisor.lease;

import org.jspecify.annotations.NullMarked;
