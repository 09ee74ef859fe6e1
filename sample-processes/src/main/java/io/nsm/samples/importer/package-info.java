/** Reads flight records and writes them, batch by batch, to the shared map {@code flights}. */
@NullMarked
package io.nsm.samples.importer;

import org.jspecify.annotations.NullMarked;
