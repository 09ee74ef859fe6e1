package io.nsm.agent.launch;

import io.nsm.supervisor.config.HostFacts;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.ActiveStandby;
import io.nsm.supervisor.model.ProcessSpec.Backoff;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.HostRule;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.ProcessSpec.Placement;
import io.nsm.supervisor.model.ProcessSpec.Program;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.ProcessSpec.Standby;
import io.nsm.supervisor.model.ProcessSpec.Stop;
import io.nsm.supervisor.model.Resources;
import io.nsm.supervisor.model.RunId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Declarations for tests. */
final class Specs {
  static final InstanceId WORKER = new InstanceId(new ProcessName("worker"), 1);
  static final HostFacts HOST = new HostFacts(new HostName("host1"), Map.of("zone", "a"));

  private Specs() {}

  static RunId run(long counter) {
    return new RunId(new Incarnation("i1"), counter);
  }

  static ProcessSpec shell(String script) {
    return of(new Command(List.of("/bin/sh", "-c", script)));
  }

  static Java java(String mainClass, String... args) {
    return new Java(
        Optional.of(System.getProperty("java.home")),
        new Entry(
            Optional.empty(),
            Optional.of(mainClass),
            List.of(System.getProperty("java.class.path").split(":"))),
        List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
        List.of(args),
        Optional.empty());
  }

  static ProcessSpec of(Program program) {
    return of(program, Map.of(), Map.of(), new Logs(1024 * 1024, 3));
  }

  static ProcessSpec shell(String script, Resources resources) {
    return shell(script).with(resources);
  }

  static ProcessSpec of(
      Program program, Map<String, String> env, Map<String, Integer> ports, Logs logs) {
    return new ProcessSpec(
        WORKER.process(),
        program,
        Mode.ACTIVE_STANDBY,
        2,
        new ActiveStandby(
            Standby.HOT,
            OnLeaseLost.HALT,
            Failback.NEVER,
            List.of(new HostName("host1")),
            Duration.ofSeconds(30)),
        new Placement(
            List.of(new HostRule("zone", false, Set.of("a", "b"))), true, List.of("zone")),
        env,
        ports,
        new Restart(
            Restart.Policy.ALWAYS,
            new Backoff(
                Duration.ofSeconds(1), Duration.ofMinutes(1), 2, 0.2, Duration.ofMinutes(9)),
            new Limit(5, Duration.ofMinutes(10), Limit.Then.RETRY_SLOWLY),
            Set.of(0, 143),
            Set.of(78)),
        new Stop("TERM", Duration.ofSeconds(5)),
        logs);
  }

  static LaunchSettings settings(Path directory) {
    return settings(directory, ControlGroups.none("these specs do without"));
  }

  static LaunchSettings settings(Path directory, ControlGroups groups) {
    return new LaunchSettings(directory, directory, Optional.empty(), HOST, groups, 5);
  }
}
