/**
 * What goes over the agent's HTTP API, version 1: records that are written as JSON by {@link
 * io.nsm.supervisor.wire.Json}. Keys may be added in version 1, never renamed or removed.
 */
@NullMarked
package io.nsm.supervisor.api;

import org.jspecify.annotations.NullMarked;
