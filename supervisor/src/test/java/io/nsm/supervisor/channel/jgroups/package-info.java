/** The channel over JGroups, over loopback. */
@NullMarked
package io.nsm.supervisor.channel.jgroups;

import org.jspecify.annotations.NullMarked;
