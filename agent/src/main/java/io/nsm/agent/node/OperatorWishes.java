package io.nsm.agent.node;

import io.nsm.agent.http.Refusal;
import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.StateWord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What operators want changed, put to the ledger, and what came of it in their words. */
final class OperatorWishes {
  private final LedgerHere ledger;
  private final Supplier<CompletionStage<ClusterView>> view;

  /**
   * @param view what the cluster looks like now
   */
  OperatorWishes(LedgerHere ledger, Supplier<CompletionStage<ClusterView>> view) {
    this.ledger = ledger;
    this.view = view;
  }

  /** What declaring would change, by this host's copy of the ledger. */
  PlanResult plan(PlanRequest request) {
    LedgerState state = ledger.state();
    return new PlanResult(
        state.revision(),
        Declaring.changes(state, request.processes(), request.prune(), state.revision() + 1));
  }

  CompletionStage<ApplyResult> apply(ApplyRequest request) {
    LedgerState before = ledger.state();
    refuseCircles(before, request);
    long basedOn = request.basedOn().orElse(before.revision());
    var changes =
        Declaring.changes(before, request.processes(), request.prune(), before.revision() + 1);
    Command declare =
        new Command.Declare(
            request.requestId(),
            basedOn,
            request.processes(),
            request.prune(),
            System.currentTimeMillis());
    return decided(declare)
        .thenApply(
            decided -> {
              long revision = decided.done().revision();
              tell("applied", Optional.empty(), "revision " + revision + " was declared");
              return new ApplyResult(revision, decided.index(), changes);
            });
  }

  /**
   * Processes that were declared before count as well, unless they are declared anew or removed.
   */
  private static void refuseCircles(LedgerState before, ApplyRequest request) {
    Map<ProcessName, ProcessSpec> all = new TreeMap<>();
    if (!request.prune()) {
      before.processes().forEach((name, process) -> all.put(name, process.spec()));
    }
    request.processes().forEach(spec -> all.put(spec.name(), spec));
    Dependency.circle(all.values())
        .ifPresent(
            circle -> {
              throw Refusal.of(
                  ErrorCode.INVALID,
                  "these wait for each other: "
                      + circle.stream().map(ProcessName::name).collect(Collectors.joining(" -> ")),
                  "take out one of the dependencies");
            });
  }

  /** A command that took effect, and the place in the ledger from which on that shows. */
  private record Decided(long index, Answer.Done done) {}

  /** Submits an operator's command and says what came of it. */
  private CompletionStage<Decided> decided(Command command) {
    return ledger
        .submit(command)
        .thenApply(
            answer -> {
              if (answer.isEmpty()) {
                throw undecided();
              }
              Answer what = answer.get().answer();
              if (what instanceof Answer.Done done) {
                return new Decided(answer.get().index(), done);
              }
              throw Refusal.of(
                  ErrorCode.CONFLICT,
                  what instanceof Answer.Refused refused ? refused.why() : what.toString(),
                  "look at it again (nsmctl status, nsmctl plan) and repeat what is still wanted");
            });
  }

  private Refusal undecided() {
    long here = ledger.config().voters().stream().filter(ledger.reachable()::contains).count();
    int voters = ledger.config().voters().size();
    return here > voters / 2
        ? Refusal.of(
            ErrorCode.TIMED_OUT,
            "the ledger did not answer in time: it is not known whether this was decided",
            "repeat it: it takes effect once")
        : Refusal.of(
            ErrorCode.NO_QUORUM,
            "no quorum: %d of %d voters can be reached, nothing can be decided"
                .formatted(here, voters),
            "start the agents of the other voters, or mend the network between them");
  }

  CompletionStage<ActionResult> act(
      ProcessName name, ActionRequest.Action action, ActionRequest request) {
    return switch (action) {
      case START -> want(name, request, true);
      case STOP -> want(name, request, false);
      case RESTART -> restart(name, request);
      case SWITCHOVER -> switchover(name, request);
    };
  }

  private CompletionStage<ActionResult> want(
      ProcessName name, ActionRequest request, boolean running) {
    LedgerState.Process process = ClusterOperations.declared(ledger.state(), name);
    boolean changes = process.running() != running || (running && process.finished());
    Command command =
        new Command.SetWanted(request.requestId(), name, running, System.currentTimeMillis());
    return decided(command)
        .thenApply(
            decided ->
                new ActionResult(
                    name,
                    changes,
                    decided.index(),
                    changes
                        ? name + (running ? " is to run" : " is to stop")
                        : name
                            + (running
                                ? " is wanted to run already; what had failed is tried anew"
                                : " is stopped already")));
  }

  private CompletionStage<ActionResult> restart(ProcessName name, ActionRequest request) {
    LedgerState.Process process = ClusterOperations.declared(ledger.state(), name);
    if (!process.running()) {
      throw Refusal.of(
          ErrorCode.CONFLICT, name + " is stopped", "nsmctl start " + name + " starts it");
    }
    Command command = new Command.Restart(request.requestId(), name, System.currentTimeMillis());
    return decided(command)
        .thenApply(
            decided -> new ActionResult(name, true, decided.index(), name + " is to restart"));
  }

  private CompletionStage<ActionResult> switchover(ProcessName name, ActionRequest request) {
    return view.get()
        .thenCompose(
            seen -> {
              LedgerState.Process process = ClusterOperations.declared(seen.state(), name);
              Grant.Held holder = holder(process);
              Optional<HostId> to = target(seen, process, holder, request.target());
              Command command =
                  new Command.HandOver(request.requestId(), name, holder.epoch(), to, "switchover");
              return decided(command)
                  .thenApply(
                      decided ->
                          new ActionResult(
                              name,
                              true,
                              decided.index(),
                              "%s hands over from epoch %s"
                                  .formatted(holder.instance(), holder.epoch())));
            });
  }

  private static Grant.Held holder(LedgerState.Process process) {
    if (process.spec().mode() != ProcessSpec.Mode.ACTIVE_STANDBY) {
      throw Refusal.of(
          ErrorCode.CONFLICT,
          process.name() + " has no active to switch over: its mode is " + process.spec().mode());
    }
    return process
        .holder()
        .orElseThrow(
            () ->
                Refusal.of(
                    ErrorCode.CONFLICT,
                    process.name() + " has no active instance",
                    "nsmctl describe " + process.name() + " says why"));
  }

  private static Optional<HostId> target(
      ClusterView view, LedgerState.Process process, Grant.Held holder, Optional<HostName> wished) {
    Optional<HostId> to =
        wished.map(
            name ->
                view.state()
                    .host(name)
                    .map(HostEntry::id)
                    .orElseThrow(
                        () -> Refusal.of(ErrorCode.NOT_FOUND, "there is no host '" + name + "'")));
    if (to.equals(Optional.of(holder.host()))) {
      throw Refusal.of(
          ErrorCode.CONFLICT,
          process.name() + " is active on " + wished.orElseThrow() + " already");
    }
    boolean ready =
        process.placements().entrySet().stream()
            .filter(place -> to.map(place.getValue()::equals).orElse(true))
            .filter(place -> place.getKey() != holder.instance().number())
            .anyMatch(place -> standby(view, process.name(), place.getKey(), place.getValue()));
    if (!ready) {
      throw Refusal.of(
          ErrorCode.CONFLICT,
          "no standby of %s is ready%s"
              .formatted(process.name(), wished.map(host -> " on " + host).orElse("")),
          "nsmctl status " + process.name() + " shows its instances");
    }
    return to;
  }

  private static boolean standby(ClusterView view, ProcessName name, int number, HostId host) {
    return view.reports().getOrDefault(host, List.of()).stream()
        .filter(report -> report.instance().equals(new InstanceId(name, number)))
        .anyMatch(report -> report.state() == StateWord.STANDBY && report.candidate());
  }

  private void tell(String kind, Optional<ProcessName> process, String text) {
    var unused =
        ledger.submit(
            new Command.Note(
                new io.nsm.supervisor.model.Event(
                    System.currentTimeMillis(),
                    kind,
                    process,
                    Optional.empty(),
                    Optional.of(ledger.config().host()),
                    Optional.empty(),
                    text,
                    Optional.empty())));
  }
}
