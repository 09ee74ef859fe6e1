package io.nsm.supervisor.ctl;

import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.ctl.Look.Hopeless;
import io.nsm.supervisor.ctl.Look.Reached;
import io.nsm.supervisor.ctl.Look.Waiting;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Something to wait for: judges one look at the cluster. Pure. */
interface Goal {
  Look judge(ClusterStatus now);

  /**
   * Wanted and there: with an active and its standbys, all its replicas, or, run once, begun.
   *
   * @param whenFailed how nsmctl exits if an instance has failed for good
   */
  static Goal running(ProcessName name, ExitCode whenFailed) {
    return startedAnew(name, Set.of(), whenFailed);
  }

  /** As {@link #running}; but a one-shot waits to be started. */
  static Goal created(ProcessName name, ExitCode whenFailed) {
    Goal running = running(name, whenFailed);
    return now ->
        now.process(name)
            .filter(process -> process.mode() == Mode.ONE_SHOT)
            .filter(process -> process.wanted() == Wanted.STOPPED)
            .<Look>map(
                process -> new Reached(name + ": declared; nsmctl start " + name + " runs it"))
            .orElseGet(() -> running.judge(now));
  }

  /** As {@link #running}, and none of some old runs is there any more. */
  static Goal startedAnew(ProcessName name, Set<RunId> old, ExitCode whenFailed) {
    return of(
        name,
        process -> {
          if (process.wanted() == Wanted.STOPPED) {
            return new Hopeless(ExitCode.NOT_RUNNING, name + " was stopped meanwhile");
          }
          Optional<Look> ill = ill(process, old, whenFailed);
          if (ill.isPresent()) {
            return ill.get();
          }
          boolean renewed =
              process.instances().stream()
                  .flatMap(one -> one.run().stream())
                  .noneMatch(old::contains);
          return renewed && there(process)
              ? new Reached(Headline.of(process))
              : new Waiting(Headline.of(process));
        });
  }

  /** Not wanted, and nothing of it runs. */
  static Goal stopped(ProcessName name) {
    return of(
        name,
        process -> {
          if (process.wanted() == Wanted.RUNNING) {
            return new Hopeless(ExitCode.NOT_RUNNING, name + " is wanted running");
          }
          boolean ended =
              process.instances().stream()
                  .map(InstanceStatus::state)
                  .allMatch(
                      state ->
                          state == InstanceState.STOPPED
                              || state == InstanceState.COMPLETED
                              || state == InstanceState.FAILED);
          return ended
              ? new Reached(name + ": stopped")
              : new Waiting(name + ": " + states(process));
        });
  }

  /** Another grant than before is carried out, on a host if one is named. */
  static Goal switchedOver(ProcessName name, Epoch before, Optional<HostName> target) {
    return of(
        name,
        process -> {
          Optional<ActiveInstance> active =
              process.active().filter(grant -> grant.epoch().isAfter(before));
          if (active.isEmpty()) {
            return new Waiting(Headline.of(process));
          }
          HostName host = active.get().host();
          return target.isEmpty() || target.get().equals(host)
              ? new Reached(Headline.of(process))
              : new Hopeless(
                  ExitCode.ROLLOUT_FAILED,
                  name + " is active on " + host + ", not on " + target.get());
        });
  }

  /** An instance acts. */
  static Goal active(ProcessName name) {
    return of(
        name,
        process -> {
          if (process.mode() != Mode.ACTIVE_STANDBY) {
            return new Hopeless(
                ExitCode.USAGE, name + " is " + Words.of(process.mode()) + ": it has no active");
          }
          return process.active().isPresent()
              ? new Reached(Headline.of(process))
              : new Waiting(Headline.of(process));
        });
  }

  /** A one-shot process ran to its end. */
  static Goal completed(ProcessName name) {
    return of(
        name,
        process -> {
          if (process.mode() != Mode.ONE_SHOT) {
            return new Hopeless(
                ExitCode.USAGE,
                name + " is " + Words.of(process.mode()) + ": it does not complete");
          }
          boolean completed =
              !process.instances().isEmpty() && all(process, InstanceState.COMPLETED::equals);
          return completed
              ? new Reached(name + ": completed")
              : ill(process, Set.of(), ExitCode.NOT_RUNNING)
                  .orElseGet(() -> new Waiting(name + ": " + states(process)));
        });
  }

  /** Not declared any more. */
  static Goal gone(ProcessName name) {
    return now ->
        now.process(name)
            .<Look>map(process -> new Waiting(name + ": " + states(process)))
            .orElseGet(() -> new Reached(name + ": removed"));
  }

  private static Goal of(ProcessName name, Function<ProcessStatus, Look> judge) {
    return now ->
        now.process(name)
            .map(judge)
            .orElseGet(() -> new Hopeless(ExitCode.NO_SUCH, "there is no process " + name));
  }

  private static boolean there(ProcessStatus process) {
    return switch (process.mode()) {
      case ACTIVE_STANDBY ->
          process.active().isPresent() && complete(process) && all(process, InstanceState::good);
      case REPLICATED -> complete(process) && all(process, InstanceState::good);
      case ONE_SHOT ->
          !process.instances().isEmpty()
              && all(
                  process,
                  state ->
                      state == InstanceState.READY
                          || state == InstanceState.ACTIVE
                          || state == InstanceState.STARTING
                          || state == InstanceState.COMPLETED);
    };
  }

  private static Optional<Look> ill(ProcessStatus process, Set<RunId> old, ExitCode whenFailed) {
    Optional<Problem> unplaced =
        process.problems().stream()
            .filter(problem -> problem.code().equals(Problem.CANNOT_BE_PLACED))
            .findFirst();
    if (unplaced.isPresent()) {
      return Optional.of(
          new Hopeless(ExitCode.CANNOT_BE_PLACED, process.name() + ": " + unplaced.get().text()));
    }
    return process.instances().stream()
        .filter(one -> one.state() == InstanceState.FAILED)
        .filter(one -> one.run().filter(old::contains).isEmpty())
        .findFirst()
        .map(
            failed ->
                new Hopeless(
                    whenFailed,
                    failed.id()
                        + " failed"
                        + failed.reason().map(reason -> " (" + reason + ")").orElse("")
                        + "; see 'nsmctl describe "
                        + process.name()
                        + "'"));
  }

  private static boolean complete(ProcessStatus process) {
    return process.instances().size() >= process.replicas();
  }

  private static boolean all(ProcessStatus process, Predicate<InstanceState> predicate) {
    return process.instances().stream().map(InstanceStatus::state).allMatch(predicate);
  }

  private static String states(ProcessStatus process) {
    List<InstanceStatus> instances = process.instances();
    return instances.isEmpty()
        ? "no instances"
        : instances.stream()
            .map(one -> one.id() + " " + one.state())
            .collect(Collectors.joining(", "));
  }
}
