package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ProcessDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "describe",
    description = {
      "Show all about a process: why it is in its state, its instances with their last ends and"
          + " the last lines of their output, and its checkpoint.",
      "With -o wide, json or yaml its declaration as well, defaults filled in."
    })
final class DescribeVerb extends Verb {
  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;

  @Parameters(index = "0", paramLabel = "NAME", description = "The process.")
  private String name = "";

  DescribeVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    ProcessDescription process =
        agent
            .client()
            .get("/v1/processes/" + ActionVerb.processName(name), ProcessDescription.class);
    output.print(process, new DescribeView(process));
    return ExitCode.OK;
  }
}
