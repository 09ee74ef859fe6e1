package io.nsm.agent.sim;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes to a shared map, each with its writer's epoch. The first one waits until the ledger knows
 * that its process writes, which production decides; a member takes none of an epoch that is older
 * than its fence, and a write is done when a majority took it. Whoever raises a fence learns what
 * its members took, and counts it as done. That nothing else is done once a newer epoch has begun
 * is judged here, in true time (I4).
 */
final class FencedWrites {
  /** How many writes are remembered. */
  private static final int MAX_OPEN = 2000;

  /** A write, and who took it. */
  private static final class Write {
    final ProcessName process;
    final Epoch epoch;
    final Set<Integer> members = new HashSet<>();
    boolean known;

    Write(ProcessName process, Epoch epoch) {
      this.process = process;
      this.epoch = epoch;
    }
  }

  private final Cluster cluster;
  private final Deque<Write> open = new ArrayDeque<>();
  private final Map<Integer, Map<ProcessName, Epoch>> fences = new HashMap<>();
  int done;

  FencedWrites(Cluster cluster) {
    this.cluster = cluster;
  }

  /** By way of the agent of the writer's host. */
  void write(AgentLife life, Run run, long number) {
    ProcessName process = run.instance.process();
    Epoch epoch = new Epoch(number);
    boolean current =
        life.agent
            .state()
            .process(process)
            .filter(known -> known.grant().epoch().equals(epoch))
            .isPresent();
    boolean trusts = cluster.has(Habit.CHECKS_WRITES_AT_THE_WRITER);
    if (!life.agent.leased(life.host.clock()) || (trusts && !current)) {
      return;
    }
    MapOperation operation =
        new MapOperation.Put("map", "key", new byte[0], Optional.of(new Fence(process, epoch)));
    boolean[] handed = {false};
    life.writes.admit(
        operation,
        refusal -> {
          if (refusal.isEmpty() && !handed[0]) {
            handed[0] = true;
            hand(life, process, epoch);
          }
        });
    boolean heedless =
        cluster.has(Habit.WRITES_BEFORE_THE_LEDGER_KNOWS)
            || (cluster.has(Habit.TAKES_ANOTHER_EPOCHS_WORD) && life.agent.state().writes(process));
    if (heedless && !handed[0]) {
      handed[0] = true;
      hand(life, process, epoch);
    }
  }

  /** To the members: from here on only their fences can refuse it. */
  private void hand(AgentLife life, ProcessName process, Epoch epoch) {
    boolean trusts = cluster.has(Habit.CHECKS_WRITES_AT_THE_WRITER);
    Write write = new Write(process, epoch);
    open.addLast(write);
    if (open.size() > MAX_OPEN) {
      open.removeFirst();
    }
    cluster
        .voters()
        .forEach(
            member ->
                cluster.network.send(
                    life.host,
                    member,
                    "grid",
                    there -> {
                      if (trusts || !fence(there.host, process).isAfter(epoch)) {
                        took(write, there.host);
                      }
                    }));
  }

  private void took(Write write, Host member) {
    if (write.members.add(member.index) && write.members.size() == cluster.majority()) {
      done++;
      long newest = cluster.acts.newest(write.process);
      if (newest > write.epoch.number() && !write.known) {
        throw new Violation(
            "I4: a map was written in epoch %s of %s after epoch %d began"
                .formatted(write.epoch, write.process, newest),
            cluster.world);
      }
    }
  }

  private Epoch fence(Host member, ProcessName process) {
    return fences.getOrDefault(member.index, Map.of()).getOrDefault(process, Epoch.NONE);
  }

  /** A member takes nothing older from now on. */
  void raise(Host member, ProcessName process, Epoch epoch) {
    if (!cluster.has(Habit.RAISES_NO_FENCE)) {
      fences
          .computeIfAbsent(member.index, index -> new HashMap<>())
          .merge(process, epoch, (a, b) -> a.isAfter(b) ? a : b);
      open.stream()
          .filter(write -> write.process.equals(process) && epoch.isAfter(write.epoch))
          .filter(write -> write.members.contains(member.index))
          .forEach(write -> write.known = true);
    }
  }
}
