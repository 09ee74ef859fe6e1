/** Pure: (what is wanted, what is seen) → the entries that the leader proposes. */
@NullMarked
package io.nsm.supervisor.reconcile;

import org.jspecify.annotations.NullMarked;
