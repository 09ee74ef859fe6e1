package io.nsm.agent.sim;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes to a shared map, each with its writer's epoch: a member takes none of an epoch that is
 * older than its fence, and a write is done when a majority took it. That none is done once a newer
 * epoch has begun is judged here, in true time (I4).
 */
final class FencedWrites {
  private final Cluster cluster;
  private final Map<Integer, Map<ProcessName, Epoch>> fences = new HashMap<>();
  int done;

  FencedWrites(Cluster cluster) {
    this.cluster = cluster;
  }

  /** By way of the agent of the writer's host. */
  void write(AgentLife life, Run run, long number) {
    ProcessName process = run.instance.process();
    Epoch epoch = new Epoch(number);
    boolean trusts = cluster.has(Habit.CHECKS_WRITES_AT_THE_WRITER);
    boolean current =
        life.agent
            .state()
            .process(process)
            .filter(known -> known.grant().epoch().equals(epoch))
            .isPresent();
    if (!life.agent.leased(life.host.clock()) || (trusts && !current)) {
      return;
    }
    Set<Integer> took = new HashSet<>();
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
                        took(process, epoch, took, there.host);
                      }
                    }));
  }

  private void took(ProcessName process, Epoch epoch, Set<Integer> members, Host member) {
    if (members.add(member.index) && members.size() == cluster.majority()) {
      done++;
      long newest = cluster.acts.newest(process);
      if (newest > epoch.number()) {
        throw new Violation(
            "I4: a map was written in epoch %s of %s after epoch %d began"
                .formatted(epoch, process, newest),
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
    }
  }
}
