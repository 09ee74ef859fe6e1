package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.VersionInfo;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "version",
    description = "Show the version of nsmctl, and of the agent if one answers.")
final class VersionVerb extends Verb {
  @Mixin private final AgentOptions agent;
  @Mixin private final OutputOptions output;

  @Option(names = "--client", description = "Only of nsmctl; asks no agent.")
  private boolean client;

  VersionVerb(Surroundings surroundings) {
    super(surroundings);
    agent = new AgentOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  /** Both versions; the agent's only if one answers. */
  record Versions(String nsmctl, String java, Optional<VersionInfo> agent)
      implements OutputOptions.View {
    @Override
    public String table(boolean wide, boolean colour) {
      String text = "nsmctl  " + nsmctl + ", Java " + java + "\n";
      return text
          + agent
              .map(
                  info ->
                      "agent   %s, Java %s, API %s, host %s, cluster %s\n"
                          .formatted(
                              info.version(), info.java(), info.api(), info.host(), info.cluster()))
              .orElse("");
    }

    @Override
    public List<String> names() {
      return List.of(nsmctl);
    }
  }

  @Override
  ExitCode run() {
    Optional<VersionInfo> info = client ? Optional.empty() : askAgent();
    Versions versions =
        new Versions(ProgramVersion.get(), System.getProperty("java.version", "?"), info);
    output.print(versions, versions);
    return ExitCode.OK;
  }

  private Optional<VersionInfo> askAgent() {
    try {
      return Optional.of(agent.client().get("/v1/version", VersionInfo.class));
    } catch (Failure noAgent) {
      if (noAgent.code() == ExitCode.USAGE) {
        throw noAgent;
      }
      surroundings.err().println("nsmctl: " + noAgent.getMessage());
      return Optional.empty();
    }
  }
}
