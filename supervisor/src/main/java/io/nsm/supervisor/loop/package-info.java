/** The one thread that owns an agent's state. */
@NullMarked
package io.nsm.supervisor.loop;

import org.jspecify.annotations.NullMarked;
