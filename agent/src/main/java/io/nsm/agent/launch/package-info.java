/** Starts, signals and adopts runs: the operating system's side of an instance. */
@NullMarked
package io.nsm.agent.launch;

import org.jspecify.annotations.NullMarked;
