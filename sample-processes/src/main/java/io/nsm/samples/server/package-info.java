/** Answers questions about airports over HTTP from the shared maps. */
@NullMarked
package io.nsm.samples.server;

import org.jspecify.annotations.NullMarked;
