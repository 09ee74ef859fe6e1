/** What the author of a process compiles against: callbacks in, a term and shared maps out. */
@NullMarked
package io.nsm.process;

import org.jspecify.annotations.NullMarked;
