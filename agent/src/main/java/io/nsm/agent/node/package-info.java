/**
 * One host: its instances, its lease and its grants. {@link io.nsm.agent.node.HostAgent} decides,
 * on one thread and without waiting; the shell around it does.
 */
@NullMarked
package io.nsm.agent.node;

import org.jspecify.annotations.NullMarked;
