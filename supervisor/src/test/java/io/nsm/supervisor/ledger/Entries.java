package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Event;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A ledger in the making: entries go in one by one, in a term that can be changed. */
public final class Entries {
  private LedgerState state = LedgerState.EMPTY;
  private long index;
  private long term = 1;
  private int requests;

  /** A ledger whose cluster is configured, with some hosts. */
  public static Entries of(HostEntry... hosts) {
    Entries entries = new Entries();
    entries.apply(new Command.Configure("test", LeaseTerms.FAST));
    for (HostEntry host : hosts) {
      entries.apply(new Command.Join(host, Optional.empty(), Optional.empty(), 1));
    }
    return entries;
  }

  public LedgerState state() {
    return state;
  }

  public long index() {
    return index;
  }

  public void inTerm(long term) {
    this.term = term;
  }

  public Answer apply(Command command) {
    return entry(command).answer();
  }

  /** The same as a replica would tell it. */
  public Replica.Entry entry(Command command) {
    Rules.Applied applied = Rules.apply(state, ++index, term, command);
    state = applied.state();
    return new Replica.Entry(index, term, command, applied.answer(), state);
  }

  public LedgerState.Process process(String name) {
    return state.process(new ProcessName(name)).orElseThrow();
  }

  public Grant.Held held(String name) {
    return process(name).holder().orElseThrow();
  }

  public Answer declare(ProcessSpec... specs) {
    return apply(new Command.Declare(request(), state.revision(), List.of(specs), false, 1_000));
  }

  public Answer keepOnly(ProcessSpec... specs) {
    return apply(new Command.Declare(request(), state.revision(), List.of(specs), true, 1_000));
  }

  public Answer want(String process, boolean running) {
    return apply(new Command.SetWanted(request(), new ProcessName(process), running, 1_000));
  }

  public Answer place(String instance, HostId to) {
    InstanceId id = InstanceId.parse(instance);
    Optional<HostId> from =
        Optional.ofNullable(process(id.process().name()).placements().get(id.number()));
    return apply(new Command.Place(id, from, Optional.of(to)));
  }

  /** Grants a process that nobody holds. */
  public Answer grant(String instance, HostId host, RunId run) {
    InstanceId id = InstanceId.parse(instance);
    Epoch current = process(id.process().name()).grant().epoch();
    return apply(
        new Command.Grant(id.process(), current, new Command.Evidence.Vacant(), id, host, run));
  }

  /** The holder gives up. */
  public Answer vacate(String process) {
    Grant.Held held = held(process);
    return apply(
        new Command.Vacate(held.instance().process(), held.epoch(), held.run(), "EXIT_1", 1_500));
  }

  public Answer handOver(String process, Optional<HostId> to) {
    return apply(
        new Command.HandOver(
            request(), new ProcessName(process), held(process).epoch(), to, "switchover"));
  }

  static Command.Save save(String process, Epoch epoch, long sequence, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Command.Save(
        new ProcessName(process),
        epoch,
        sequence,
        Digest.of(bytes),
        bytes.length,
        Optional.of(bytes),
        2_000 + sequence);
  }

  static Event event(String text) {
    return new Event(
        5,
        "exited",
        Optional.of(new ProcessName("importer")),
        Optional.of(InstanceId.parse("importer/1")),
        Optional.empty(),
        Optional.of("EXIT_1"),
        text,
        Optional.of(new Event.Timeline("EXIT_1", new Epoch(3), 1.5, 0.25, 4)));
  }

  String request() {
    return "request-" + ++requests;
  }
}
