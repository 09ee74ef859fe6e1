package io.nsm.supervisor.ctl;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether, and how long, a verb waits until what it did has come about. */
final class WaitOptions {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  private final Surroundings surroundings;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Wait at most so long: 500ms, 30s, 5m. Default: 2m.")
  private Duration timeout = DEFAULT_TIMEOUT;

  @Option(names = "--detach", description = "Do not wait; what was decided comes about on its own.")
  private boolean detach;

  WaitOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  boolean detached() {
    return detach;
  }

  /** The waiting for everything that one command started: its time runs from now on. */
  Awaiting begin(AgentClient client) {
    return new Awaiting(() -> AgentOptions.status(client), new Progress(surroundings), timeout);
  }
}
