/**
 * What both ends of the link between a process and its agent share: messages, frames, limits,
 * environment variables, clocks.
 */
@NullMarked
package io.nsm.process.link;

import org.jspecify.annotations.NullMarked;
