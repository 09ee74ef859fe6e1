/** The agent's end of the link to its processes. */
@NullMarked
package io.nsm.agent.link;

import org.jspecify.annotations.NullMarked;
