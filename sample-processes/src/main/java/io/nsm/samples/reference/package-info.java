/** The same report, computed straight from the file by a plain program. */
@NullMarked
package io.nsm.samples.reference;

import org.jspecify.annotations.NullMarked;
