package io.nsm.agent.chaos.check;

/**
 * Something done to the world under a lease. All times in ns of the clock that all hosts share.
 *
 * @param at before the run asked whether it may act
 * @param end after the effect was done; if it was killed before that, when it knew that it may act
 */
record Effect(Run run, long epoch, long sequence, long at, long end) {}
