package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Optional;

/**
 * Some lines of a run's output, oldest first.
 *
 * @param run empty if the instance has not run yet
 * @param next where to read on, to be given back as it is; empty if no more can come
 * @param missed whether lines before these are gone, because the files are bounded
 */
public record LogChunk(
    InstanceId instance,
    HostName host,
    Optional<RunId> run,
    Stream stream,
    List<String> lines,
    Optional<String> next,
    boolean missed) {
  public LogChunk {
    lines = List.copyOf(lines);
  }

  /** Which of its outputs. */
  public enum Stream {
    STDOUT,
    STDERR
  }
}
