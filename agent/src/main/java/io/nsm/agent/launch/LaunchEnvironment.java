package io.nsm.agent.launch;

import io.nsm.process.link.RunEnvironment;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run finds in its environment. Little is inherited: a run is the same on every host. */
final class LaunchEnvironment {
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME");

  private LaunchEnvironment() {}

  /**
   * Later ones win: inherited, declared, ports, given.
   *
   * @param agent the agent's own environment
   * @param given what the agent's other parts add: the link's address and token, role and epoch
   */
  static Map<String, String> of(
      RunId run, ProcessSpec spec, Map<String, String> agent, Map<String, String> given) {
    Map<String, String> environment = new TreeMap<>();
    for (String name : INHERITED) {
      if (agent.containsKey(name)) {
        environment.put(name, agent.get(name));
      }
    }
    environment.putAll(spec.env());
    spec.ports()
        .forEach(
            (name, port) -> environment.put(RunEnvironment.portVariable(name), port.toString()));
    environment.putAll(given);
    environment.put(RunEnvironment.RUN, run.toString());
    return environment;
  }
}
