package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.api.Change.Action;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = {
      "Make the cluster's declarations those of the files, and wait until it is so.",
      "Only what differs is touched. What would start instances anew or remove a process is asked"
          + " for first; without a terminal it needs --yes."
    })
final class ApplyVerb extends Verb {
  @Mixin private final FileOptions files;
  @Mixin private final AgentOptions agent;
  @Mixin private final WaitOptions waiting;
  @Mixin private final OutputOptions output;

  @Option(names = "--prune", description = "Remove processes that the files do not declare.")
  private boolean prune;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  ApplyVerb(Surroundings surroundings) {
    super(surroundings);
    files = new FileOptions(surroundings);
    agent = new AgentOptions(surroundings);
    waiting = new WaitOptions(surroundings);
    output = new OutputOptions(surroundings);
  }

  @Override
  ExitCode run() {
    AgentClient client = agent.client();
    ClusterStatus before = AgentOptions.status(client);
    List<ProcessSpec> specs = files.read(FileOptions.facts(before));
    PlanResult plan = client.query("/v1/plan", new PlanRequest(specs, prune), PlanResult.class);
    if (dryRun || !plan.changesAnything()) {
      output.print(plan, new PlanView(plan.changes()));
      return ExitCode.OK;
    }
    refuseUnplaceable(plan);
    confirm(plan);
    ApplyRequest request =
        new ApplyRequest(UUID.randomUUID().toString(), Optional.of(plan.basedOn()), specs, prune);
    ApplyResult result = client.change("/v1/apply", request, ApplyResult.class);
    output.print(result, new PlanView(result.changes()));
    if (!waiting.detached()) {
      await(client, result, before);
    }
    return ExitCode.OK;
  }

  private void await(AgentClient client, ApplyResult result, ClusterStatus before) {
    Awaiting awaiting = waiting.begin(client);
    result.changes().stream()
        .flatMap(change -> goal(change, before).stream())
        .map(goal -> awaiting.reach(goal, result.index()))
        .forEach(reached -> surroundings.err().println(reached));
  }

  /** What a change is done with; empty if nothing is to come: the process is stopped. */
  private static Optional<Goal> goal(Change change, ClusterStatus before) {
    boolean stopped =
        before
            .process(change.process())
            .filter(process -> process.wanted() == Wanted.STOPPED)
            .isPresent();
    return switch (change.action()) {
      case NONE -> Optional.empty();
      case REMOVE -> Optional.of(Goal.gone(change.process()));
      case CREATE -> Optional.of(Goal.created(change.process(), ExitCode.ROLLOUT_FAILED));
      case IN_PLACE ->
          stopped
              ? Optional.empty()
              : Optional.of(Goal.running(change.process(), ExitCode.ROLLOUT_FAILED));
      case RESTART ->
          stopped
              ? Optional.empty()
              : Optional.of(
                  Goal.startedAnew(
                      change.process(), runs(before, change), ExitCode.ROLLOUT_FAILED));
    };
  }

  private static Set<RunId> runs(ClusterStatus before, Change change) {
    return before.process(change.process()).map(ProcessesVerb::runs).orElse(Set.of());
  }

  private static void refuseUnplaceable(PlanResult plan) {
    String problems =
        plan.changes().stream()
            .filter(change -> change.action() != Action.REMOVE)
            .flatMap(
                change ->
                    change.problems().stream()
                        .map(problem -> change.process() + ": " + problem.text()))
            .collect(Collectors.joining("; "));
    if (!problems.isEmpty()) {
      throw new Failure(
          ExitCode.CANNOT_BE_PLACED, problems, "nothing was changed; see 'nsmctl plan'");
    }
  }

  private void confirm(PlanResult plan) {
    List<Change> harsh =
        plan.changes().stream()
            .filter(change -> change.action() == Action.RESTART || change.action() == Action.REMOVE)
            .toList();
    if (yes || harsh.isEmpty()) {
      return;
    }
    String what =
        harsh.stream()
            .map(change -> Words.of(change.action()) + " " + change.process())
            .collect(Collectors.joining(", "));
    surroundings.err().print(what + ": go on? [y/N] ");
    surroundings.err().flush();
    Optional<String> answer = surroundings.answer().get();
    if (answer.isEmpty()) {
      surroundings.err().println();
      throw new Failure(
          ExitCode.USAGE, "nobody is there to agree to: " + what, "say --yes if it is meant");
    }
    if (!answer.get().strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      throw new Failure(ExitCode.ERROR, "not agreed to; nothing was changed");
    }
  }
}
