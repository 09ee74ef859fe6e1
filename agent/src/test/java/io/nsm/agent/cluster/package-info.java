/** Real agents, each a program of its own, under faults: what a user sees and what acts. */
@NullMarked
package io.nsm.agent.cluster;

import org.jspecify.annotations.NullMarked;
