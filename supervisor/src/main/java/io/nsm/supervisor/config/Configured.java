package io.nsm.supervisor.config;

import java.util.List;

/**
 * An agent's configuration.
 *
 * @param warnings what can be used but is probably not meant
 */
public record Configured(AgentConfig config, List<Problem> warnings) {
  public Configured {
    warnings = List.copyOf(warnings);
  }
}
