/** Measures an installation as it is shipped; run by {@code scripts/bench}. */
@NullMarked
package io.nsm.agent.bench;

import org.jspecify.annotations.NullMarked;
