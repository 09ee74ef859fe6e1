package io.nsm.agent.sim;

import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.util.HashSet;
import java.util.Set;

/** Which conditions ever held, in true time: I6, nothing is started before what it waits for. */
final class Held {
  private final World world;
  private final Set<Dependency> ever = new HashSet<>();

  Held(World world) {
    this.world = world;
  }

  void holds(ProcessName process, Condition condition) {
    ever.add(new Dependency(process, condition));
  }

  void mayStart(ProcessSpec spec) {
    for (Dependency dependency : spec.dependsOn()) {
      if (!ever.contains(dependency)) {
        throw new Violation("I6: " + spec.name() + " is started before " + dependency, world);
      }
    }
  }
}
