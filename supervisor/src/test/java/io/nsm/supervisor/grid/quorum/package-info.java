@NullMarked
package io.nsm.supervisor.grid.quorum;

import org.jspecify.annotations.NullMarked;
