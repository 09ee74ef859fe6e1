/** Checks a host and its place in the cluster, and says what to do. */
@NullMarked
package io.nsm.agent.doctor;

import org.jspecify.annotations.NullMarked;
