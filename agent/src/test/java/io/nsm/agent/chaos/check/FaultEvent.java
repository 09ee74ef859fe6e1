package io.nsm.agent.chaos.check;

/**
 * Something that was done to the cluster, or seen of it, by who runs the chaos.
 *
 * @param kind begin, done, heal, healed, recovered, unrecovered, skipped, failed or note
 * @param took how long the recovery took, in ns; 0 where that has no meaning
 * @param bound how long it may take, in ns; 0 where that has no meaning
 */
record FaultEvent(long at, String kind, String fault, String text, long took, long bound) {}
