package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ActionRequest.Action;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.RunId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts, stops or restarts processes. */
abstract class ProcessesVerb extends ActionVerb {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "The processes.")
  private List<String> names = List.of();

  @Option(names = "--all", description = "All processes that are declared.")
  private boolean all;

  ProcessesVerb(Surroundings surroundings, Action action) {
    super(surroundings, action);
  }

  @Override
  final List<ProcessStatus> chosen(ClusterStatus cluster) {
    if (all == !names.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "name the processes, or say --all");
    }
    return all
        ? cluster.processes()
        : names.stream().distinct().map(name -> find(cluster, name)).toList();
  }

  static Set<RunId> runs(ProcessStatus process) {
    return process.instances().stream()
        .map(InstanceStatus::run)
        .flatMap(run -> run.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Command(
      name = "start",
      description = {
        "Start processes that are stopped, and wait until they run.",
        "A one-shot process is run once; 'nsmctl wait NAME --for=completed' waits for its end."
      })
  static final class Start extends ProcessesVerb {
    Start(Surroundings surroundings) {
      super(surroundings, Action.START);
    }

    @Override
    Goal goal(ProcessStatus before, ActionResult result) {
      // An older run of a one-shot process may be there, completed: it is not the one asked for.
      return before.mode() == Mode.ONE_SHOT && result.changed()
          ? Goal.startedAnew(before.name(), runs(before), ExitCode.NOT_RUNNING)
          : Goal.running(before.name(), ExitCode.NOT_RUNNING);
    }
  }

  @Command(
      name = "stop",
      description = "Stop processes, and wait until nothing of them runs. They stay declared.")
  static final class Stop extends ProcessesVerb {
    Stop(Surroundings surroundings) {
      super(surroundings, Action.STOP);
    }

    /** What depends on another process goes first: the other one then waits for its end. */
    @Override
    List<ProcessStatus> ordered(AgentClient client, List<ProcessStatus> chosen) {
      if (chosen.size() < 2) {
        return chosen;
      }
      Map<ProcessName, Set<ProcessName>> needs = new HashMap<>();
      for (ProcessStatus process : chosen) {
        needs.put(
            process.name(),
            client
                .get("/v1/processes/" + process.name(), ProcessDescription.class)
                .spec()
                .dependsOn()
                .stream()
                .map(Dependency::process)
                .collect(Collectors.toSet()));
      }
      return StopOrder.of(chosen, needs);
    }

    @Override
    Goal goal(ProcessStatus before, ActionResult result) {
      return Goal.stopped(before.name());
    }
  }

  @Command(
      name = "restart",
      description = "Start all instances of processes anew, and wait until they run.")
  static final class Restart extends ProcessesVerb {
    Restart(Surroundings surroundings) {
      super(surroundings, Action.RESTART);
    }

    @Override
    Goal goal(ProcessStatus before, ActionResult result) {
      return Goal.startedAnew(before.name(), runs(before), ExitCode.NOT_RUNNING);
    }
  }
}
