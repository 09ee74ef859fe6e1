package io.nsm.supervisor.ctl;

import io.nsm.supervisor.model.ProcessName;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "wait",
    description = {
      "Wait until a process is as it should be.",
      "Exits with 3 if it will not come by waiting, with 7 if the time is over."
    })
final class WaitVerb extends Verb {
  @Mixin private final AgentOptions agent;

  @Parameters(index = "0", paramLabel = "NAME", description = "The process.")
  private String name = "";

  @Option(
      names = "--for",
      paramLabel = "CONDITION",
      required = true,
      description =
          "ready (all replicas, one of them active if it is active-standby), active, stopped, or"
              + " completed.")
  private Condition condition = Condition.ready;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "At most so long: 500ms, 30s, 5m. Default: 60s.")
  private Duration timeout = Duration.ofSeconds(60);

  WaitVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
  }

  /** What is waited for; as users type it. */
  enum Condition {
    ready,
    active,
    stopped,
    completed
  }

  @Override
  ExitCode run() {
    AgentClient client = agent.client();
    ProcessName process = ActionVerb.processName(name);
    Goal goal =
        switch (condition) {
          case ready -> Goal.running(process, ExitCode.NOT_RUNNING);
          case active -> Goal.active(process);
          case stopped -> Goal.stopped(process);
          case completed -> Goal.completed(process);
        };
    Awaiting awaiting =
        new Awaiting(() -> AgentOptions.status(client), new Progress(surroundings), timeout);
    surroundings.out().println(awaiting.reach(goal, 0));
    return ExitCode.OK;
  }
}
