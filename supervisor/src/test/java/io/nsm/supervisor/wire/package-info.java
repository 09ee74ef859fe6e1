@NullMarked
package io.nsm.supervisor.wire;

import org.jspecify.annotations.NullMarked;
