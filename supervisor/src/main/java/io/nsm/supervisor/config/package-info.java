/**
 * Reads declarations and the agent's configuration: YAML to records, every problem with its place.
 */
@NullMarked
package io.nsm.supervisor.config;

import org.jspecify.annotations.NullMarked;
