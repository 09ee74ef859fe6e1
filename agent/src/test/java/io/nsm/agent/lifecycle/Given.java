package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.ActiveStandby;
import io.nsm.supervisor.model.ProcessSpec.Backoff;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Failback;
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
import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values for specs of what an agent does: what matters to one is said there. */
public final class Given {
  public static final InstanceId WORKER = InstanceId.parse("worker/1");
  public static final HostId HOST = new HostId("id-of-a");
  public static final Program JAVA = java("app.jar");
  public static final Program COMMAND = new Command(List.of("/bin/work"));

  /** Backs off 1, 2, 4, 8 s, give or take a fifth; slowly after three ends in 10 minutes. */
  public static final Restart RESTART = restart(Restart.Policy.ALWAYS, Limit.Then.RETRY_SLOWLY);

  private Given() {}

  public static Program java(String jar) {
    return new Java(
        Optional.empty(),
        new Entry(Optional.of(jar), Optional.empty(), List.of()),
        List.of(),
        List.of(),
        Optional.empty());
  }

  public static Restart restart(Restart.Policy policy, Limit.Then then) {
    return new Restart(
        policy,
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), 2, 0.2, Duration.ofSeconds(60)),
        new Limit(3, Duration.ofMinutes(10), then),
        Set.of(0, 143),
        Set.of(78));
  }

  /** A hot standby that halts at its lease's end. */
  public static ProcessSpec hot() {
    return spec(JAVA, Mode.ACTIVE_STANDBY, Standby.HOT, OnLeaseLost.HALT, RESTART);
  }

  /** A hot standby that gives way at its lease's end and lives on. */
  public static ProcessSpec demoting() {
    return spec(JAVA, Mode.ACTIVE_STANDBY, Standby.HOT, OnLeaseLost.DEMOTE, RESTART);
  }

  public static ProcessSpec cold(Program program) {
    return spec(program, Mode.ACTIVE_STANDBY, Standby.COLD, OnLeaseLost.HALT, RESTART);
  }

  public static ProcessSpec oneShot(Program program, Restart.Policy policy) {
    return spec(
        program,
        Mode.ONE_SHOT,
        Standby.COLD,
        OnLeaseLost.HALT,
        restart(policy, Limit.Then.RETRY_SLOWLY));
  }

  public static ProcessSpec replicated(Program program) {
    return spec(program, Mode.REPLICATED, Standby.HOT, OnLeaseLost.HALT, RESTART);
  }

  public static ProcessSpec hot(Restart restart) {
    return spec(JAVA, Mode.ACTIVE_STANDBY, Standby.HOT, OnLeaseLost.HALT, restart);
  }

  public static ProcessSpec hot(Program program) {
    return spec(program, Mode.ACTIVE_STANDBY, Standby.HOT, OnLeaseLost.HALT, RESTART);
  }

  private static ProcessSpec spec(
      Program program, Mode mode, Standby standby, OnLeaseLost onLeaseLost, Restart restart) {
    return new ProcessSpec(
        WORKER.process(),
        program,
        mode,
        1,
        new ActiveStandby(standby, onLeaseLost, Failback.NEVER, List.of(), Duration.ofSeconds(30)),
        new Placement(List.of(), false, List.of()),
        Map.of(),
        Map.of(),
        restart,
        new Stop("INT", Duration.ofSeconds(5)),
        new Logs(1024, 2));
  }

  public static ProcessSpec replicas(ProcessSpec spec, int replicas) {
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        replicas,
        spec.activeStandby(),
        spec.placement(),
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  /** The same process under another name. */
  public static ProcessSpec named(String name, ProcessSpec spec) {
    return new ProcessSpec(
        new ProcessName(name),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        spec.activeStandby(),
        spec.placement(),
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  /** The run that the agent of these specs launches as its so-manieth. */
  public static RunId run(long counter) {
    return new RunId(new Incarnation("a1"), counter);
  }

  public static Grant.Held grant(RunId run, long epoch) {
    return new Grant.Held(WORKER, HOST, run, new Epoch(epoch), 10 * epoch);
  }
}
