/**
 * How the hosts agree: checkpoint bytes by counted answers, shared maps by generations of members.
 * Knows neither Infinispan nor JGroups, only a {@link io.nsm.supervisor.grid.quorum.Disk} and a
 * {@link io.nsm.supervisor.channel.Channel}.
 */
@NullMarked
package io.nsm.supervisor.grid.quorum;

import org.jspecify.annotations.NullMarked;
