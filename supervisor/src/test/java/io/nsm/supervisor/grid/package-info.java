@NullMarked
package io.nsm.supervisor.grid;

import org.jspecify.annotations.NullMarked;
