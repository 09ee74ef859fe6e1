package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionRequest.Action;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has something done with processes, and waits until it is. */
abstract class ActionVerb extends Verb {
  @Mixin private final AgentOptions agent;
  @Mixin private final WaitOptions waiting;
  @Mixin private final OutputOptions output;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  private final Action action;

  ActionVerb(Surroundings surroundings, Action action) {
    super(surroundings);
    this.action = action;
    agent = new AgentOptions(surroundings);
    waiting = new WaitOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  /** The processes that are meant. */
  abstract List<ProcessStatus> chosen(ClusterStatus cluster);

  /** What it is done with. */
  abstract Goal goal(ProcessStatus before, ActionResult result);

  /** The chosen ones in the order in which they are asked for. */
  List<ProcessStatus> ordered(AgentClient client, List<ProcessStatus> chosen) {
    return chosen;
  }

  Optional<HostName> target() {
    return Optional.empty();
  }

  @Override
  final ExitCode run() {
    AgentClient client = agent.client();
    List<ProcessStatus> chosen = ordered(client, chosen(AgentOptions.status(client)));
    if (dryRun) {
      chosen.forEach(
          process ->
              surroundings.out().println("would " + Words.of(action) + " " + Headline.of(process)));
      return ExitCode.OK;
    }
    List<ActionResult> results = new ArrayList<>();
    for (ProcessStatus process : chosen) {
      ActionRequest request = new ActionRequest(UUID.randomUUID().toString(), target());
      String path = "/v1/processes/" + process.name() + ":" + Words.of(action);
      results.add(client.change(path, request, ActionResult.class));
    }
    List<String> texts =
        waiting.detached()
            ? results.stream().map(ActionResult::text).toList()
            : await(client, chosen, results);
    output.print(results, new Done(results, texts));
    return ExitCode.OK;
  }

  private List<String> await(
      AgentClient client, List<ProcessStatus> before, List<ActionResult> results) {
    Awaiting awaiting = waiting.begin(client);
    List<String> texts = new ArrayList<>();
    for (int each = 0; each < results.size(); each++) {
      ActionResult result = results.get(each);
      texts.add(awaiting.reach(goal(before.get(each), result), result.index()));
    }
    return texts;
  }

  static ProcessStatus find(ClusterStatus cluster, String name) {
    ProcessName process = processName(name);
    return cluster
        .process(process)
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.NO_SUCH,
                    "there is no process " + name,
                    "declared: "
                        + (cluster.processes().isEmpty()
                            ? "none"
                            : String.join(", ", new StatusView(cluster).names()))));
  }

  static ProcessName processName(String text) {
    try {
      return new ProcessName(text);
    } catch (IllegalArgumentException invalid) {
      throw new Failure(ExitCode.USAGE, String.valueOf(invalid.getMessage()));
    }
  }

  private record Done(List<ActionResult> results, List<String> texts)
      implements OutputOptions.View {
    @Override
    public String table(boolean wide, boolean colour) {
      return String.join("\n", texts) + "\n";
    }

    @Override
    public List<String> names() {
      return results.stream().map(result -> result.process().name()).toList();
    }
  }
}
