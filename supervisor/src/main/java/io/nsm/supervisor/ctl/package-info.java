/** nsmctl: drives a cluster from a shell, by way of an agent's HTTP API. */
@NullMarked
package io.nsm.supervisor.ctl;

import org.jspecify.annotations.NullMarked;
