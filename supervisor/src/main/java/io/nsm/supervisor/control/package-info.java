/**
 * The leader's shell: keeps what it sees of the hosts, answers their renewals, and proposes what
 * the reconciler decides.
 */
@NullMarked
package io.nsm.supervisor.control;

import org.jspecify.annotations.NullMarked;
