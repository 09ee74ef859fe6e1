/** The channel between agents over JGroups: one TCP stack, no multicast. */
@NullMarked
package io.nsm.supervisor.channel.jgroups;

import org.jspecify.annotations.NullMarked;
