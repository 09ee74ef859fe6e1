package io.nsm.supervisor.api;

import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A run that ended.
 *
 * @param at when its end was noticed
 * @param lived from its launch to its end
 * @param reason the reason code: {@code EXIT_1}, {@code SIGNAL_9}
 * @param tail the last lines of its output, oldest first
 */
public record EndedRun(RunId run, Instant at, Duration lived, String reason, List<String> tail) {
  public EndedRun {
    tail = List.copyOf(tail);
  }
}
