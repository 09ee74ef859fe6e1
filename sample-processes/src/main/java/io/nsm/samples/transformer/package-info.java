/** Turns the batches of the shared map {@code flights} into figures per airport. */
@NullMarked
package io.nsm.samples.transformer;

import org.jspecify.annotations.NullMarked;
