package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.DoctorReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = {
      "Check the agent's host and its place in the cluster, and say what to do.",
      "Exits with 1 if a check failed; warnings are none."
    })
final class DoctorVerb extends Verb {
  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;

  DoctorVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    DoctorReport report = agent.client().get("/v1/doctor", DoctorReport.class);
    output.print(report, new DoctorView(report));
    return report.worst() == DoctorReport.Verdict.FAIL ? ExitCode.ERROR : ExitCode.OK;
  }
}
