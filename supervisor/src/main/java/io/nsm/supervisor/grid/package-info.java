/** The port to the grid: the bytes of checkpoints, and shared maps. */
@NullMarked
package io.nsm.supervisor.grid;

import org.jspecify.annotations.NullMarked;
