package io.nsm.agent.sim;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.ProcessName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who acts, in true time: I2. Each epoch is entered by one run, once (I1). */
final class Acts {
  private final Cluster cluster;
  private final Map<ProcessName, Map<Run, Long>> acting = new HashMap<>();
  private final Map<ProcessName, Long> newest = new HashMap<>();
  private final Set<Long> entered = new HashSet<>();
  int effects;

  Acts(Cluster cluster) {
    this.cluster = cluster;
  }

  void entered(Run run, long epoch, Optional<CheckpointRef> checkpoint) {
    if (!entered.add(epoch)) {
      throw new Violation("I1: epoch " + epoch + " is entered twice, by " + run, cluster.world);
    }
    Map<Run, Long> runs =
        acting.computeIfAbsent(run.instance.process(), name -> new LinkedHashMap<>());
    runs.keySet().removeIf(other -> !other.mayYetAct());
    for (Run other : runs.keySet()) {
      if (other != run && !other.isBeyondHelp() && !run.isBeyondHelp()) {
        throw new Violation(
            "I2: %s enters epoch %d while %s can still act in epoch %d"
                .formatted(run, epoch, other, runs.get(other)),
            cluster.world);
      }
    }
    cluster.held.holds(run.instance.process(), Condition.ACTIVE);
    cluster.truth.entered(run, epoch, checkpoint, run.isLinked());
    runs.put(run, epoch);
    newest.merge(run.instance.process(), epoch, Math::max);
  }

  void effect(Run run, long epoch) {
    effects++;
    long last = newest.getOrDefault(run.instance.process(), epoch);
    if (epoch < last && !run.isBeyondHelp()) {
      throw new Violation(
          "I2: an effect of %s in epoch %d after epoch %d began".formatted(run, epoch, last),
          cluster.world);
    }
  }

  /** The newest epoch that has begun; 0 before the first. */
  long newest(ProcessName process) {
    return newest.getOrDefault(process, 0L);
  }

  /** No two of a process may act at this moment. */
  void check() {
    for (Map<Run, Long> runs : acting.values()) {
      int count = 0;
      for (Run run : runs.keySet()) {
        if (!run.isBeyondHelp() && run.actsIn() != 0) {
          count++;
        }
      }
      if (count > 1) {
        throw new Violation("I2: two act at a time: " + runs, cluster.world);
      }
    }
  }
}
