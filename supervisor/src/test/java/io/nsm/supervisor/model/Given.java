package io.nsm.supervisor.model;

import io.nsm.supervisor.model.ProcessSpec.ActiveStandby;
import io.nsm.supervisor.model.ProcessSpec.Backoff;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.HostRule;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.ProcessSpec.Placement;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.ProcessSpec.Standby;
import io.nsm.supervisor.model.ProcessSpec.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Values for specs: what matters to one is said there, the rest is filled in here. */
public final class Given {
  public static final Placement ANYWHERE = new Placement(List.of(), false, List.of());
  public static final Placement APART = new Placement(List.of(), true, List.of());

  private Given() {}

  public static ProcessSpec standby(String name, int replicas) {
    return spec(name, Mode.ACTIVE_STANDBY, replicas);
  }

  public static ProcessSpec replicated(String name, int replicas) {
    return spec(name, Mode.REPLICATED, replicas);
  }

  public static ProcessSpec oneShot(String name) {
    return spec(name, Mode.ONE_SHOT, 1);
  }

  private static ProcessSpec spec(String name, Mode mode, int replicas) {
    return new ProcessSpec(
        new ProcessName(name),
        new Java(
            Optional.empty(),
            new Entry(Optional.of("app.jar"), Optional.empty(), List.of()),
            List.of("-Xss1m"),
            List.of("--fast"),
            Optional.of(256L << 20)),
        mode,
        replicas,
        new ActiveStandby(
            Standby.HOT, OnLeaseLost.HALT, Failback.NEVER, List.of(), Duration.ofSeconds(30)),
        ANYWHERE,
        Map.of("TZ", "UTC"),
        Map.of("http", 8080),
        new Restart(
            Restart.Policy.ALWAYS,
            new Backoff(
                Duration.ofSeconds(1), Duration.ofMinutes(1), 2, 0.2, Duration.ofMinutes(9)),
            new Limit(5, Duration.ofMinutes(10), Limit.Then.RETRY_SLOWLY),
            Set.of(0, 143),
            Set.of(78)),
        new Stop("TERM", Duration.ofSeconds(5)),
        new Logs(1024 * 1024, 3));
  }

  public static ProcessSpec placed(ProcessSpec spec, Placement placement) {
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        spec.activeStandby(),
        placement,
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  public static ProcessSpec preferring(ProcessSpec spec, Failback failback, String... hosts) {
    return new ProcessSpec(
        spec.name(),
        spec.program(),
        spec.mode(),
        spec.replicas(),
        new ActiveStandby(
            spec.activeStandby().standby(),
            spec.activeStandby().onLeaseLost(),
            failback,
            Stream.of(hosts).map(HostName::new).toList(),
            spec.activeStandby().activationTimeout()),
        spec.placement(),
        spec.env(),
        spec.ports(),
        spec.restart(),
        spec.stop(),
        spec.logs());
  }

  public static HostRule in(String fact, String... values) {
    return new HostRule(fact, false, Set.of(values));
  }

  public static HostRule notIn(String fact, String... values) {
    return new HostRule(fact, true, Set.of(values));
  }

  /** A host's first agent, in the host's first boot. */
  public static HostEntry host(String name) {
    return host(name, Map.of());
  }

  public static HostEntry host(String name, Map<String, String> labels) {
    return new HostEntry(
        id(name), new HostName(name), new Incarnation(name + "-a1"), "boot1", labels, false);
  }

  public static HostEntry witness(String name) {
    return new HostEntry(
        id(name), new HostName(name), new Incarnation(name + "-a1"), "boot1", Map.of(), true);
  }

  /** Another agent of a host. */
  public static HostEntry again(HostEntry host, String incarnation, String boot) {
    return new HostEntry(
        host.id(), host.name(), new Incarnation(incarnation), boot, host.labels(), host.witness());
  }

  public static HostId id(String host) {
    return new HostId("id-of-" + host);
  }

  public static RunId run(String host, long counter) {
    return new RunId(new Incarnation(host + "-a1"), counter);
  }

  public static InstanceId instance(String text) {
    return InstanceId.parse(text);
  }

  /** A report of an instance that is ready and may be chosen. */
  public static InstanceReport ready(String instance, RunId run) {
    return report(instance, StateWord.STANDBY, run, Optional.empty(), true);
  }

  public static InstanceReport acting(String instance, RunId run, Epoch epoch) {
    return report(instance, StateWord.ACTIVE, run, Optional.of(epoch), false);
  }

  /** A report of a replica that was told to end and has not yet. */
  public static InstanceReport endingReplica(String instance, RunId run) {
    return new InstanceReport(
        instance(instance),
        StateWord.STOPPING,
        Optional.of(run),
        Optional.of(100L),
        Optional.empty(),
        false,
        true,
        Optional.empty(),
        0,
        0,
        Optional.empty(),
        List.of());
  }

  private static InstanceReport report(
      String instance, StateWord word, RunId run, Optional<Epoch> acting, boolean candidate) {
    return new InstanceReport(
        instance(instance),
        word,
        Optional.of(run),
        Optional.of(100L),
        acting,
        candidate,
        false,
        Optional.empty(),
        0,
        0,
        Optional.empty(),
        List.of());
  }
}
