/**
 * What the samples share: flight rows and their batches, figures per airport, names, the report's
 * rows.
 */
@NullMarked
package io.nsm.samples.flights;

import org.jspecify.annotations.NullMarked;
