/** Work done step by step on a thread of its own for as long as a term lasts. */
@NullMarked
package io.nsm.samples.term;

import org.jspecify.annotations.NullMarked;
