package io.nsm.supervisor.api;

/**
 * Whether the agent can do its work.
 *
 * @param text why not, or a word that it is
 */
public record Readiness(boolean ready, String text) {}
