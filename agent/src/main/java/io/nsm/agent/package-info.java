/** The daemon of one host. */
@NullMarked
package io.nsm.agent;

import org.jspecify.annotations.NullMarked;
