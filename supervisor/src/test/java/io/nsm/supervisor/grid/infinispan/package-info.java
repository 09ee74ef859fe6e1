@NullMarked
package io.nsm.supervisor.grid.infinispan;

import org.jspecify.annotations.NullMarked;
