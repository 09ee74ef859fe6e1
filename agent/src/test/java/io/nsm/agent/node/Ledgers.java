package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.HOST;
import static io.nsm.agent.lifecycle.Given.WORKER;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.ledger.Rules;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A ledger in the making, with two hosts, as an agent's own copy tells it. */
final class Ledgers {
  static final HostEntry A = host("a", "a1");
  static final HostEntry B = host("b", "b1");

  private LedgerState state = LedgerState.EMPTY;
  private long index;
  private int requests;

  private Ledgers() {}

  static HostEntry host(String name, String incarnation) {
    return new HostEntry(
        new HostId("id-of-" + name),
        new HostName(name),
        new Incarnation(incarnation),
        "boot1",
        Map.of(),
        false);
  }

  static Ledgers empty() {
    Ledgers ledger = new Ledgers();
    ledger.apply(new Command.Configure("test", LeaseTerms.FAST));
    ledger.apply(new Command.Join(A, Optional.empty(), Optional.empty(), 1));
    ledger.apply(new Command.Join(B, Optional.empty(), Optional.empty(), 1));
    return ledger;
  }

  static Ledgers declared(ProcessSpec... specs) {
    return empty().declare(specs);
  }

  /** The worker is declared, wanted to run, and placed on host a. */
  static Ledgers placed(ProcessSpec worker) {
    Ledgers ledger = declared(worker).want(true);
    ledger.apply(new Command.Place(WORKER, Optional.empty(), Optional.of(HOST)));
    return ledger;
  }

  Ledgers declare(ProcessSpec... specs) {
    apply(new Command.Declare(request(), state.revision(), List.of(specs), false, 0));
    return this;
  }

  Ledgers want(boolean running) {
    return want(WORKER.process(), running);
  }

  Ledgers want(ProcessName process, boolean running) {
    if (state.process(process).orElseThrow().running() != running) {
      apply(new Command.SetWanted(request(), process, running, 0));
    }
    return this;
  }

  Grant.Held grant(RunId run) {
    apply(
        new Command.Grant(
            WORKER.process(),
            worker().grant().epoch(),
            new Command.Evidence.Vacant(),
            WORKER,
            HOST,
            run));
    return worker().holder().orElseThrow();
  }

  void vacate(Grant.Held grant) {
    apply(new Command.Vacate(WORKER.process(), grant.epoch(), grant.run(), "RUN_GONE", 0));
  }

  void handOver(Epoch from) {
    apply(new Command.HandOver(request(), WORKER.process(), from, Optional.empty(), "switchover"));
  }

  void apply(Command command) {
    Rules.Applied applied = Rules.apply(state, ++index, 1, command);
    if (!applied.answer().effective()) {
      throw new IllegalStateException(command + ": " + applied.answer());
    }
    state = applied.state();
  }

  LedgerState.Process worker() {
    return state.process(WORKER.process()).orElseThrow();
  }

  LedgerState state() {
    return state;
  }

  long index() {
    return index;
  }

  Replica.Replaced copy() {
    return new Replica.Replaced(index, state);
  }

  private String request() {
    return "request-" + ++requests;
  }
}
