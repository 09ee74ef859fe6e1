/** The vocabulary: immutable values that every other package speaks in. */
@NullMarked
package io.nsm.supervisor.model;

import org.jspecify.annotations.NullMarked;
