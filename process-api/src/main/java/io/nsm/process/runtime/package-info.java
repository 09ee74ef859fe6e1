/** Connects a process to its agent, feeds its callbacks and holds its lease. */
@NullMarked
package io.nsm.process.runtime;

import org.jspecify.annotations.NullMarked;
