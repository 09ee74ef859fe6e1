package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the ledger really decided, as nobody in the simulated world can know it, and the invariants
 * that are judged by its order: I1, I3 and I4.
 */
final class Truth {
  private final Cluster cluster;
  private final World world;
  private final List<Disk.Entry> entries = new ArrayList<>();
  private final Set<String> submissions = new HashSet<>();
  private final Replica replica = new Replica(this::changed);
  private final TreeMap<Epoch, Grant.Held> grants = new TreeMap<>();
  private final Map<Epoch, Optional<CheckpointRef>> pointers = new HashMap<>();
  private final Set<CheckpointRef> saved = new HashSet<>();
  private final Map<Digest, Epoch> madeIn = new HashMap<>();
  private final Map<String, Integer> outcomes = new HashMap<>();
  private LedgerState state = LedgerState.EMPTY;
  int acknowledgements;

  Truth(Cluster cluster) {
    this.cluster = cluster;
    this.world = cluster.world;
  }

  LedgerState state() {
    return state;
  }

  int size() {
    return entries.size();
  }

  /** A member applied an entry: all members apply the same. */
  void applied(int index, Disk.Entry entry) {
    if (index <= entries.size()) {
      Disk.Entry known = entries.get(index - 1);
      if (known.term() != entry.term() || !Arrays.equals(known.command(), entry.command())) {
        throw new Violation("I1: the ledger lost what it decided at " + index, world);
      }
      return;
    }
    entries.add(entry);
    boolean repeated = !entry.submission().isEmpty() && !submissions.add(entry.submission());
    if (entry.command().length > 0 && !repeated) {
      replica.apply(index, entry.countsAs(), entry.command());
      cluster.ledgerHabits.applied(replica, index, state);
    }
  }

  private void changed(Replica.Change change) {
    LedgerState before = state;
    state = change.state();
    if (!(change instanceof Replica.Entry entry)) {
      return;
    }
    boolean routine =
        entry.command() instanceof Command.Barrier
            || entry.command() instanceof Command.Note
            || entry.command() instanceof Command.Save;
    if (!routine || !entry.answer().effective()) {
      world.tell("ledger", entry.index(), "t" + entry.term(), entry.command(), entry.answer());
    }
    if (entry.command() instanceof Command.Grant grant && entry.answer().effective()) {
      granted(process(grant.process()));
    } else if (entry.command() instanceof Command.Save save) {
      moved(before, save);
    } else if (entry.command() instanceof Command.Finish finish) {
      finished(before, finish);
    }
  }

  private LedgerState.Process process(ProcessName name) {
    return state.process(name).orElseThrow();
  }

  private void granted(LedgerState.Process process) {
    Grant.Held held = process.holder().orElseThrow();
    if (!grants.isEmpty() && !held.epoch().isAfter(grants.lastKey())) {
      throw new Violation("I1: epoch " + held.epoch() + " is not a new one", world);
    }
    grants.put(held.epoch(), held);
    pointers.put(held.epoch(), process.checkpoint());
  }

  private void moved(LedgerState before, Command.Save save) {
    Optional<CheckpointRef> old =
        before.process(save.process()).flatMap(LedgerState.Process::checkpoint);
    Optional<CheckpointRef> now =
        state.process(save.process()).flatMap(LedgerState.Process::checkpoint);
    if (now.equals(old)) {
      return;
    }
    CheckpointRef ref = now.orElseThrow();
    Epoch current = process(save.process()).grant().epoch();
    if (!ref.epoch().equals(current) || !current.equals(madeIn.get(ref.digest()))) {
      throw new Violation("I4: the stale " + ref + " was saved", world);
    }
    if (old.isPresent() && !ref.isAfter(old.get())) {
      throw new Violation("I3: " + ref + " replaced " + old, world);
    }
    saved.add(ref);
  }

  private void finished(LedgerState before, Command.Finish finish) {
    Optional<LedgerState.Outcome> was =
        before.process(finish.process()).flatMap(LedgerState.Process::outcome);
    Optional<LedgerState.Outcome> is =
        state.process(finish.process()).flatMap(LedgerState.Process::outcome);
    if (!is.equals(was)) {
      if (is.orElseThrow().success()) {
        cluster.held.holds(finish.process(), Condition.COMPLETED);
        cluster.held.holds(finish.process(), Condition.READY);
      }
      String start = finish.process() + " start " + is.orElseThrow().start();
      if (outcomes.merge(start, 1, Integer::sum) > 1) {
        throw new Violation("I5: " + start + " ended twice", world);
      }
    }
  }

  /** A process made a checkpoint, in the epoch that it names. */
  void made(Command.Save save) {
    madeIn.put(save.digest(), save.epoch());
  }

  /** A process was told that the epoch of its checkpoint is over. */
  void refused(Command.Save save) {
    CheckpointRef ref =
        new CheckpointRef(
            save.process(), save.epoch(), save.sequence(), save.digest(), save.size());
    if (saved.contains(ref) && process(save.process()).grant().epoch().equals(save.epoch())) {
      throw new Violation("I4: " + ref + " was refused and is in the ledger", world);
    }
  }

  /** A process was told that its checkpoint is saved. */
  void acknowledged(Command.Save save) {
    acknowledgements++;
    CheckpointRef ref =
        new CheckpointRef(
            save.process(), save.epoch(), save.sequence(), save.digest(), save.size());
    if (!saved.contains(ref)) {
      throw new Violation("I4: " + ref + " was acknowledged but is not in the ledger", world);
    }
  }

  /** A run entered an epoch with a checkpoint. */
  void entered(Run run, long number, Optional<CheckpointRef> checkpoint, boolean linked) {
    Epoch epoch = new Epoch(number);
    Grant.Held grant = grants.get(epoch);
    if (grant == null || !grant.run().equals(run.id) || !grant.instance().equals(run.instance)) {
      throw new Violation("I1: " + run + " acts in epoch " + epoch + ", which is " + grant, world);
    }
    Optional<CheckpointRef> newest = Optional.ofNullable(pointers.get(epoch)).orElseThrow();
    if (linked && !newest.equals(checkpoint)) {
      throw new Violation(
          "I3: " + run + " starts from " + checkpoint + " instead of " + newest, world);
    }
  }

  /** Every grant that a host ever held. */
  List<Grant.Held> everyGrantOf(HostId host) {
    return grants.values().stream().filter(grant -> grant.host().equals(host)).toList();
  }

  int grants() {
    return grants.size();
  }
}
