/** The grid with Infinispan as the memory and the disk of each voter. */
@NullMarked
package io.nsm.supervisor.grid.infinispan;

import org.jspecify.annotations.NullMarked;
