/** Sample processes over real flight records; each package holds one of them. */
@NullMarked
package io.nsm.samples;

import org.jspecify.annotations.NullMarked;
