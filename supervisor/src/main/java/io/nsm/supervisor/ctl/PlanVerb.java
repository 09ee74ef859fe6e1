package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    aliases = "diff",
    description = "Show what applying the files would do to each process, and do nothing.")
final class PlanVerb extends Verb {
  @Mixin private final FileOptions files;
  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;

  @Option(
      names = "--prune",
      description = "As if processes that the files do not declare were removed.")
  private boolean prune;

  @Option(names = "--exit-code", description = "Exit with 1 if anything would change.")
  private boolean exitCode;

  PlanVerb(Surroundings surroundings) {
    super(surroundings);
    files = new FileOptions(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    AgentClient client = agent.client();
    PlanRequest request =
        new PlanRequest(files.read(FileOptions.facts(AgentOptions.status(client))), prune);
    PlanResult plan = client.query("/v1/plan", request, PlanResult.class);
    output.print(plan, new PlanView(plan.changes()));
    return exitCode && plan.changesAnything() ? ExitCode.ERROR : ExitCode.OK;
  }
}
