package io.nsm.supervisor.api;

import io.nsm.supervisor.model.ProcessName;

/**
 * An action was accepted: it is decided, and under way.
 *
 * @param changed whether it made a difference; a stopped process cannot be stopped once more
 * @param index a view of the cluster shows the effect from this index on
 * @param text what was decided
 */
public record ActionResult(ProcessName process, boolean changed, long index, String text) {}
