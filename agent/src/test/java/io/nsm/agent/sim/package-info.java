/**
 * The simulator: the production code's decisions over simulated time, chance, network, ledger,
 * grid, hosts and processes, all from one seed.
 */
@NullMarked
package io.nsm.agent.sim;

import org.jspecify.annotations.NullMarked;
