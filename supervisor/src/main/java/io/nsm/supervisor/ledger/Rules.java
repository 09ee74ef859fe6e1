package io.nsm.supervisor.ledger;

import io.nsm.supervisor.ledger.LedgerState.Outcome;
import io.nsm.supervisor.ledger.LedgerState.Process;
import io.nsm.supervisor.ledger.LedgerState.Request;
import io.nsm.supervisor.ledger.LedgerState.Wish;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant.Held;
import io.nsm.supervisor.model.Grant.Vacant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Applies commands: (state, entry) → (state, answer). Every replica computes the same, so nothing
 * is read here but the arguments. Every command recognises that it was applied before.
 */
public final class Rules {

  private Rules() {}

  /** The state after an entry, and what the submitter is told. */
  public record Applied(LedgerState state, Answer answer) {}

  /**
   * Applies a command.
   *
   * @param index the entry's place in the log
   * @param term the term of the leader that appended the entry
   */
  public static Applied apply(LedgerState state, long index, long term, Command command) {
    return command.match(new Application(state, index, term));
  }

  private record Application(LedgerState state, long index, long term)
      implements Command.Cases<Applied> {

    @Override
    public Applied configure(Command.Configure command) {
      if (state.cluster().isPresent()) {
        boolean same =
            state.cluster().get().equals(command.cluster())
                && state.lease().equals(Optional.of(command.lease()));
        return same ? done(state) : refused("the cluster is configured already");
      }
      return done(state.withConfiguration(command.cluster(), command.lease()));
    }

    @Override
    public Applied join(Command.Join command) {
      HostEntry host = command.host();
      Optional<HostEntry> known = state.host(host.id());
      if (known.equals(Optional.of(host))) {
        return done(state);
      }
      if (command.term() != term) {
        return refused("decided in term " + command.term() + ", not in " + term);
      }
      if (!known.map(HostEntry::incarnation).equals(command.replaces())) {
        return refused("another agent of this host was admitted meanwhile");
      }
      Optional<HostId> namesake =
          state.host(host.name()).map(HostEntry::id).filter(id -> !id.equals(host.id()));
      if (!namesake.equals(command.evicts())) {
        return refused("the name " + host.name() + " belongs to another host");
      }
      Map<HostId, HostEntry> hosts = new HashMap<>(state.hosts());
      namesake.ifPresent(hosts::remove);
      hosts.put(host.id(), host);
      return done(state.withHosts(hosts));
    }

    @Override
    public Applied declare(Command.Declare command) {
      Optional<Request> before = request(command.request());
      if (before.isPresent()) {
        return new Applied(state, new Answer.Done(before.get().revision()));
      }
      if (command.basedOn() != state.revision()) {
        return refused(
            "the declarations changed meanwhile: revision %d is not %d"
                .formatted(state.revision(), command.basedOn()));
      }
      long revision = state.revision() + 1;
      Map<ProcessName, Process> processes = new HashMap<>();
      state.processes().forEach((name, process) -> processes.put(name, process));
      if (command.prune()) {
        for (Process process : state.processes().values()) {
          boolean named = command.specs().stream().anyMatch(s -> s.name().equals(process.name()));
          if (!named && (process.running() || process.holder().isPresent())) {
            return refused(process.name() + " is wanted to run or still held: stop it first");
          }
          if (!named) {
            processes.remove(process.name());
          }
        }
      }
      for (ProcessSpec spec : command.specs()) {
        Process old = processes.get(spec.name());
        if (old == null) {
          processes.put(spec.name(), fresh(spec, revision));
        } else if (old.running() && !old.exclusive() && exclusive(spec)) {
          return refused(
              "%s runs replicated: its replicas would act beside the one that is granted. Stop it first (nsmctl stop %s), apply again, then start it"
                  .formatted(spec.name(), spec.name()));
        } else if (!old.spec().equals(spec)) {
          processes.put(spec.name(), old.withSpec(spec, revision));
        }
      }
      return new Applied(
          state
              .withProcesses(processes)
              .withRevision(revision)
              .withRequest(new Request(command.request(), revision)),
          new Answer.Done(revision));
    }

    private static boolean exclusive(ProcessSpec spec) {
      return spec.mode() != ProcessSpec.Mode.REPLICATED;
    }

    /** A one-shot waits to be started; everything else is wanted to run at once. */
    private static Process fresh(ProcessSpec spec, long revision) {
      boolean running = spec.mode() != ProcessSpec.Mode.ONE_SHOT;
      return new Process(
          spec,
          revision,
          running,
          running ? 1 : 0,
          0,
          Map.of(),
          new Vacant(Epoch.NONE, "never granted"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          Optional.empty());
    }

    /**
     * A new start of what nobody holds takes an epoch of its own: nothing that is said of the epoch
     * before can be taken for the new start.
     */
    @Override
    public Applied setWanted(Command.SetWanted command) {
      Applied applied =
          operator(
              command.request(),
              command.process(),
              process -> process.withRunning(command.running()));
      long before = state.process(command.process()).map(Process::starts).orElse(0L);
      Optional<Process> started =
          applied
              .state()
              .process(command.process())
              .filter(process -> process.starts() > before && process.holder().isEmpty());
      if (started.isEmpty()) {
        return applied;
      }
      Epoch epoch = new Epoch(state.lastEpoch().number() + 1);
      Process begun = started.get().withGrant(new Vacant(epoch, "STARTED"));
      return new Applied(with(applied.state(), begun).withLastEpoch(epoch), applied.answer());
    }

    @Override
    public Applied restart(Command.Restart command) {
      return operator(command.request(), command.process(), Process::withRestart);
    }

    @Override
    public Applied place(Command.Place command) {
      Process process = state.processes().get(command.instance().process());
      if (process == null) {
        return unknown(command.instance().process());
      }
      int number = command.instance().number();
      Optional<HostId> now = Optional.ofNullable(process.placements().get(number));
      if (now.equals(command.to())) {
        return done(state);
      }
      if (!now.equals(command.from())) {
        return refused(command.instance() + " was placed elsewhere meanwhile");
      }
      return done(with(process.withPlacement(number, command.to())));
    }

    @Override
    public Applied grant(Command.Grant command) {
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      if (!process.grant().epoch().equals(command.replaces())) {
        return refused(
            "replaces epoch %s, but %s is current"
                .formatted(command.replaces(), process.grant().epoch()));
      }
      if (!supports(command.evidence(), process)) {
        return refused("the evidence does not hold: " + command.evidence());
      }
      if (!process.running() || process.finished()) {
        return refused(command.process() + " is not wanted to run");
      }
      Epoch epoch = new Epoch(state.lastEpoch().number() + 1);
      Held held = new Held(command.instance(), command.host(), command.run(), epoch, index);
      return new Applied(
          with(process.withGrant(held)).withLastEpoch(epoch), new Answer.Granted(epoch));
    }

    private boolean supports(Command.Evidence evidence, Process process) {
      if (evidence instanceof Command.Evidence.Expired expired) {
        return process.holder().isPresent() && expired.term() == term;
      }
      if (evidence instanceof Command.Evidence.GivenUp givenUp) {
        return process.holder().map(held -> held.run().equals(givenUp.run())).orElse(true);
      }
      return process.holder().isEmpty();
    }

    @Override
    public Applied vacate(Command.Vacate command) {
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      Optional<Held> held = process.holder();
      if (held.isEmpty() && process.grant().epoch().equals(command.epoch())) {
        return done(state);
      }
      if (!held.map(h -> h.epoch().equals(command.epoch()) && h.run().equals(command.run()))
          .orElse(false)) {
        return refused("epoch " + command.epoch() + " of this run is not current");
      }
      return done(with(process.withGrant(new Vacant(command.epoch(), command.why()))));
    }

    @Override
    public Applied expire(Command.Expire command) {
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      if (!process.holder().map(Held::epoch).equals(Optional.of(command.epoch()))
          || command.term() != term) {
        return refused("epoch " + command.epoch() + " is not held, or the term has changed");
      }
      return done(with(process.withGrant(new Vacant(command.epoch(), "HOST_LOST"))));
    }

    @Override
    public Applied finish(Command.Finish command) {
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      if (!process.grant().epoch().equals(command.epoch())) {
        return refused("epoch " + command.epoch() + " is not current");
      }
      if (process.finished()) {
        return done(state);
      }
      // Its grant may have been given up before its end was known; an end it is all the same.
      Outcome outcome =
          new Outcome(command.success(), command.reason(), process.starts(), command.atMillis());
      return done(
          with(
              process
                  .withGrant(new Vacant(command.epoch(), command.reason()))
                  .withOutcome(outcome)));
    }

    @Override
    public Applied handOver(Command.HandOver command) {
      Optional<Request> before = request(command.request());
      if (before.isPresent()) {
        return done(state);
      }
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      Optional<Held> held = process.holder().filter(h -> h.epoch().equals(command.from()));
      if (held.isEmpty()) {
        return refused("epoch " + command.from() + " is no longer held");
      }
      Wish wish = new Wish(command.from(), held.get().instance(), command.to(), command.why());
      return done(
          with(process.withHandOver(wish))
              .withRequest(new Request(command.request(), state.revision())));
    }

    /**
     * In this order: a repetition first, then the fence, then the sequence (decision 9, rule 7).
     */
    @Override
    public Applied save(Command.Save command) {
      Process process = state.processes().get(command.process());
      if (process == null) {
        return unknown(command.process());
      }
      CheckpointRef ref =
          new CheckpointRef(
              command.process(),
              command.epoch(),
              command.sequence(),
              command.digest(),
              command.size());
      Optional<CheckpointRef> last = process.checkpoint();
      if (last.equals(Optional.of(ref))) {
        return done(state);
      }
      if (!process.grant().epoch().equals(command.epoch())) {
        return new Applied(state, new Answer.Fenced(process.grant().epoch()));
      }
      if (last.isEmpty() || ref.isAfter(last.get())) {
        return done(with(process.withCheckpoint(ref, command.inline(), command.atMillis())));
      }
      if (ref.epoch().equals(last.get().epoch()) && ref.sequence() == last.get().sequence()) {
        return refused("two different checkpoints numbered " + ref);
      }
      return new Applied(state, new Answer.Superseded());
    }

    /** Only under the current epoch: a grant that is applied before must not have missed it. */
    @Override
    public Applied writes(Command.Writes command) {
      Epoch current =
          state
              .process(command.process())
              .map(process -> process.grant().epoch())
              .orElse(state.lastEpoch());
      if (state.process(command.process()).isEmpty() || !current.equals(command.epoch())) {
        return new Applied(state, new Answer.Fenced(current));
      }
      return done(
          state.writes(command.process())
              ? state
              : state.withWriter(command.process(), command.epoch()));
    }

    @Override
    public Applied barrier(Command.Barrier command) {
      return done(state);
    }

    @Override
    public Applied note(Command.Note command) {
      return done(state.withEvent(command.event()));
    }

    private Applied operator(String request, ProcessName name, UnaryOperator<Process> change) {
      if (request(request).isPresent()) {
        return done(state);
      }
      Process process = state.processes().get(name);
      if (process == null) {
        return unknown(name);
      }
      return done(with(change.apply(process)).withRequest(new Request(request, state.revision())));
    }

    private Optional<Request> request(String id) {
      return state.requests().stream().filter(request -> request.id().equals(id)).findFirst();
    }

    private LedgerState with(Process process) {
      return with(state, process);
    }

    private static LedgerState with(LedgerState state, Process process) {
      Map<ProcessName, Process> processes = new HashMap<>(state.processes());
      processes.put(process.name(), process);
      return state.withProcesses(processes);
    }

    private static Applied done(LedgerState state) {
      return new Applied(state, Answer.Done.DONE);
    }

    private Applied refused(String why) {
      return new Applied(state, new Answer.Refused(why));
    }

    private Applied unknown(ProcessName process) {
      return refused("there is no process '" + process + "'");
    }
  }
}
