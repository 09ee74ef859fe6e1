/** The simulated channel, and what every channel must hold to. */
@NullMarked
package io.nsm.supervisor.channel;

import org.jspecify.annotations.NullMarked;
