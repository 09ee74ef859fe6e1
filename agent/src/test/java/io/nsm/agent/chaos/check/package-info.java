/**
 * Judges the recordings of a chaos run: what was promised, whether it held, and what happened
 * around the first time that it did not.
 */
@NullMarked
package io.nsm.agent.chaos.check;

import org.jspecify.annotations.NullMarked;
