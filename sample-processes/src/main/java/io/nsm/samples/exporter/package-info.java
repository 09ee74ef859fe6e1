/** Writes the report once the figures are complete. */
@NullMarked
package io.nsm.samples.exporter;

import org.jspecify.annotations.NullMarked;
