package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ClusterStatus;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which agent is asked. */
final class AgentOptions {
  private final Surroundings surroundings;

  @Option(
      names = "--agent",
      paramLabel = "HOST:PORT",
      description =
          "The agent to ask; of several, with commas between, the first that answers. Default: the variable NSM_ADDR,"
              + " or 127.0.0.1:7402.")
  private String agents = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      split = ",",
      description =
          "The file with the agent's token, or one for each of --agent, with commas between. Default: the token in the"
              + " variable NSM_API_TOKEN, the file nsm-data/token, or /var/lib/nsm/token.")
  private List<Path> tokenFiles = List.of();

  AgentOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  AgentClient client() {
    List<Address> addresses =
        Address.parseAll(
            agents.isBlank()
                ? surroundings.variable(Address.VARIABLE).orElse(Address.DEFAULT)
                : agents);
    if (tokenFiles.size() > 1 && tokenFiles.size() != addresses.size()) {
      throw new Failure(
          ExitCode.USAGE,
          tokenFiles.size() + " token files for " + Words.count(addresses.size(), "agent"),
          "name one for all agents, or one for each");
    }
    return new AgentClient(addresses, new Tokens(surroundings, tokenFiles));
  }

  static ClusterStatus status(AgentClient client) {
    return client.get("/v1/status", ClusterStatus.class);
  }
}
