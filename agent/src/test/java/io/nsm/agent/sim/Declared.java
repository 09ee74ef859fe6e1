package io.nsm.agent.sim;

import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.Probes.Probe;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes of the simulated cluster. */
final class Declared {
  static final ProcessName IMPORTER = new ProcessName("importer");
  static final ProcessName TRANSFORMER = new ProcessName("transformer");
  static final ProcessName REPORT = new ProcessName("report");
  static final ProcessName SWEEP = new ProcessName("sweep");

  /** Is in the environment of what does not write to shared maps as a matter of course. */
  static final String QUIET = "QUIET";

  private static final Program JAVA =
      new Java(
          Optional.empty(),
          new Entry(Optional.of("app.jar"), Optional.empty(), List.of()),
          List.of(),
          List.of(),
          Optional.empty());
  private static final Program COMMAND = new Command(List.of("/bin/work"));

  private Declared() {}

  /** A hot standby that halts at its lease's end. */
  static ProcessSpec importer(int replicas) {
    return of("importer", JAVA, Mode.ACTIVE_STANDBY, replicas, Standby.HOT, OnLeaseLost.HALT);
  }

  /** As above, on the first two hosts only, and with more time to act than any lease is long. */
  static ProcessSpec importerOnTwo() {
    return importerOn(Set.of("host0", "host1"));
  }

  /** As above, on the hosts of these names. */
  static ProcessSpec importerOn(Set<String> hosts) {
    ProcessSpec anywhere = importer(2);
    HostRule those = new HostRule("name", false, hosts);
    return new ProcessSpec(
        anywhere.name(),
        anywhere.program(),
        anywhere.mode(),
        anywhere.replicas(),
        new ActiveStandby(
            Standby.HOT, OnLeaseLost.HALT, Failback.NEVER, List.of(), Duration.ofSeconds(4)),
        new Placement(List.of(those), true, List.of()),
        anywhere.env(),
        anywhere.ports(),
        anywhere.restart(),
        anywhere.stop(),
        anywhere.logs());
  }

  /** The same, but it gives way at its lease's end and lives on. */
  static ProcessSpec demoting(ProcessSpec spec) {
    ActiveStandby rules = spec.activeStandby();
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        new ActiveStandby(
            rules.standby(),
            OnLeaseLost.DEMOTE,
            rules.failback(),
            rules.prefer(),
            rules.activationTimeout()),
        spec.placement(),
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  /** The same, but whether it writes to shared maps is {@link Cluster#quietWrites}' to say. */
  static ProcessSpec quiet(ProcessSpec spec) {
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        spec.activeStandby(),
        spec.placement(),
        Map.of(QUIET, ""),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  /** A hot standby that gives way at its lease's end and lives on. */
  static ProcessSpec transformer(int replicas) {
    return of("transformer", JAVA, Mode.ACTIVE_STANDBY, replicas, Standby.HOT, OnLeaseLost.DEMOTE);
  }

  /** All that is declared in a random course of events. */
  static List<ProcessSpec> everything(int replicas) {
    return List.of(
        importer(replicas),
        watched(quiet(transformer(replicas))),
        loader(replicas),
        of("feeder", COMMAND, Mode.ACTIVE_STANDBY, replicas, Standby.COLD, OnLeaseLost.HALT),
        of("report", JAVA, Mode.ONE_SHOT, 1, Standby.COLD, OnLeaseLost.HALT),
        of("sweep", COMMAND, Mode.ONE_SHOT, 1, Standby.COLD, OnLeaseLost.HALT)
            .with(List.of(new Dependency(REPORT, Condition.COMPLETED))),
        watched(server(replicas))
            .with(
                List.of(
                    new Dependency(TRANSFORMER, Condition.ACTIVE),
                    new Dependency(IMPORTER, Condition.READY))));
  }

  /** All of its instances act. */
  static ProcessSpec server(int replicas) {
    return of("server", JAVA, Mode.REPLICATED, replicas, Standby.HOT, OnLeaseLost.HALT);
  }

  /** The same, but probed: a run that does not answer for a second and a half is killed. */
  static ProcessSpec watched(ProcessSpec spec) {
    Probe probe =
        new Probe(
            new Probes.Http("127.0.0.1", 80, "/"),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            3,
            1);
    return spec.with(new Probes(Optional.empty(), Optional.of(probe), Optional.of(probe)));
  }

  /** A cold standby with the link. */
  static ProcessSpec loader(int replicas) {
    return of("loader", JAVA, Mode.ACTIVE_STANDBY, replicas, Standby.COLD, OnLeaseLost.HALT);
  }

  private static ProcessSpec of(
      String name,
      Program program,
      Mode mode,
      int replicas,
      Standby standby,
      OnLeaseLost onLeaseLost) {
    return new ProcessSpec(
        new ProcessName(name),
        program,
        mode,
        replicas,
        new ActiveStandby(standby, onLeaseLost, Failback.NEVER, List.of(), Duration.ofMillis(2500)),
        new Placement(List.of(), replicas > 1, List.of()),
        Map.of(),
        Map.of(),
        new Restart(
            mode == Mode.ONE_SHOT ? Restart.Policy.ON_FAILURE : Restart.Policy.ALWAYS,
            new Backoff(
                Duration.ofMillis(100), Duration.ofSeconds(2), 2, 0.2, Duration.ofSeconds(10)),
            new Limit(5, Duration.ofSeconds(20), Limit.Then.RETRY_SLOWLY),
            Set.of(0, 143),
            Set.of()),
        new Stop("TERM", Duration.ofSeconds(1)),
        new Logs(1024, 2));
  }
}
