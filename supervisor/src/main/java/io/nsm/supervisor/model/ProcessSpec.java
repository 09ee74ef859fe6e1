package io.nsm.supervisor.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The declaration of one process, complete: every default is filled in. Texts may still hold facts
 * of the host ({@code ${host.name}}, {@code ${host.label.X}}), which the launching agent fills in;
 * it also turns {@code $${} into {@code ${}.
 */
public record ProcessSpec(
    ProcessName name,
    Program program,
    Mode mode,
    int replicas,
    ActiveStandby activeStandby,
    Placement placement,
    Map<String, String> env,
    Map<String, Integer> ports,
    Restart restart,
    Stop stop,
    Logs logs,
    Resources resources,
    Probes probes,
    List<Dependency> dependsOn) {

  public ProcessSpec {
    env = Map.copyOf(env);
    ports = Map.copyOf(ports);
    dependsOn = List.copyOf(dependsOn);
  }

  /** A process that asks for nothing beyond what the agent has itself, nor for other processes. */
  public ProcessSpec(
      ProcessName name,
      Program program,
      Mode mode,
      int replicas,
      ActiveStandby activeStandby,
      Placement placement,
      Map<String, String> env,
      Map<String, Integer> ports,
      Restart restart,
      Stop stop,
      Logs logs) {
    this(
        name,
        program,
        mode,
        replicas,
        activeStandby,
        placement,
        env,
        ports,
        restart,
        stop,
        logs,
        Resources.NONE,
        Probes.NONE,
        List.of());
  }

  /** The same process with other resources. */
  public ProcessSpec with(Resources other) {
    return new ProcessSpec(
        name,
        program,
        mode,
        replicas,
        activeStandby,
        placement,
        env,
        ports,
        restart,
        stop,
        logs,
        other,
        probes,
        dependsOn);
  }

  /** The same process, probed otherwise. */
  public ProcessSpec with(Probes other) {
    return new ProcessSpec(
        name,
        program,
        mode,
        replicas,
        activeStandby,
        placement,
        env,
        ports,
        restart,
        stop,
        logs,
        resources,
        other,
        dependsOn);
  }

  /** The same process, waiting for these. */
  public ProcessSpec with(List<Dependency> other) {
    return new ProcessSpec(
        name,
        program,
        mode,
        replicas,
        activeStandby,
        placement,
        env,
        ports,
        restart,
        stop,
        logs,
        resources,
        probes,
        other);
  }

  /**
   * Whether a run that was launched for another declaration of the process serves this one as it
   * is: nothing differs but what concerns its surroundings.
   */
  public boolean servedByRunOf(ProcessSpec launched) {
    return program.equals(launched.program)
        && mode == launched.mode
        && env.equals(launched.env)
        && ports.equals(launched.ports)
        && resources.equals(launched.resources)
        && activeStandby.standby() == launched.activeStandby.standby()
        && activeStandby.onLeaseLost() == launched.activeStandby.onLeaseLost();
  }

  /** How many instances act, and for how long they are wanted. */
  public enum Mode {
    /** One instance acts, the others stand by. */
    ACTIVE_STANDBY,
    /** All instances act. */
    REPLICATED,
    /** Runs once per start, to completion, never twice at a time. */
    ONE_SHOT
  }

  /** What is launched. */
  public sealed interface Program {
    /** Must handle every kind of program. */
    interface Cases<R> {
      R java(Java java);

      R command(Command command);
    }

    <R> R match(Cases<R> cases);
  }

  /**
   * A JVM.
   *
   * @param home the JDK's directory, if not the one on the agent's path
   * @param entry a jar, or a main class with its class path
   * @param memoryLimit in bytes; heap, direct memory and metaspace follow from it unless given
   */
  public record Java(
      Optional<String> home,
      Entry entry,
      List<String> jvmOptions,
      List<String> args,
      Optional<Long> memoryLimit)
      implements Program {
    public Java {
      jvmOptions = List.copyOf(jvmOptions);
      args = List.copyOf(args);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.java(this);
    }
  }

  /** Where a JVM starts: {@code jar} alone, or {@code mainClass} with {@code classPath}. */
  public record Entry(Optional<String> jar, Optional<String> mainClass, List<String> classPath) {
    public Entry {
      classPath = List.copyOf(classPath);
      if (jar.isPresent() == mainClass.isPresent()) {
        throw new IllegalArgumentException("either a jar or a main class");
      }
    }
  }

  /** Any program; it need not know NSM. */
  public record Command(List<String> words) implements Program {
    public Command {
      words = List.copyOf(words);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.command(this);
    }
  }

  /**
   * How one acts and the others wait.
   *
   * @param prefer hosts in order of preference for the active
   * @param activationTimeout how long a chosen instance may take to report that it acts
   */
  public record ActiveStandby(
      Standby standby,
      OnLeaseLost onLeaseLost,
      Failback failback,
      List<HostName> prefer,
      Duration activationTimeout) {
    public ActiveStandby {
      prefer = List.copyOf(prefer);
    }
  }

  /** Whether standbys run and wait, or are started when promoted. */
  public enum Standby {
    HOT,
    COLD
  }

  /** What a process does whose lease ended. */
  public enum OnLeaseLost {
    HALT,
    DEMOTE
  }

  /** Whether the active goes back to a preferred host. */
  public enum Failback {
    NEVER,
    PREFERRED
  }

  /**
   * Where instances may run.
   *
   * @param on expressions that must all hold for a host
   * @param antiAffinity whether no two instances of the process may share a host
   * @param spread labels over whose values the instances are spread evenly
   */
  public record Placement(List<HostRule> on, boolean antiAffinity, List<String> spread) {
    public Placement {
      on = List.copyOf(on);
      spread = List.copyOf(spread);
    }
  }

  /**
   * A condition on a host: {@code ${host.zone} in [a, b]}.
   *
   * @param fact {@code name}, which is the host's own name, or the name of a label
   * @param negated whether the fact must not be one of the values
   */
  public record HostRule(String fact, boolean negated, Set<String> values) {
    public HostRule {
      values = Set.copyOf(values);
    }
  }

  /** When an instance that ended is started again. */
  public record Restart(
      Policy policy, Backoff backoff, Limit limit, Set<Integer> success, Set<Integer> noRestart) {
    public Restart {
      success = Set.copyOf(success);
      noRestart = Set.copyOf(noRestart);
    }

    /** After which ends. */
    public enum Policy {
      ALWAYS,
      ON_FAILURE,
      NEVER
    }
  }

  /**
   * How long to wait before a restart.
   *
   * @param jitter the part of each wait, from 0 to 1, that is left to chance
   * @param resetAfter a run that lived this long starts the count anew
   */
  public record Backoff(
      Duration initial, Duration max, double factor, double jitter, Duration resetAfter) {}

  /** After {@code attempts} restarts within {@code interval}, {@code then}. */
  public record Limit(int attempts, Duration interval, Then then) {
    /** What comes after the limit. */
    public enum Then {
      RETRY_SLOWLY,
      FAIL
    }
  }

  /**
   * How an instance is stopped.
   *
   * @param signal its name without SIG: {@code TERM}
   */
  public record Stop(String signal, Duration timeout) {}

  /**
   * How much output is kept.
   *
   * @param maxFileSize in bytes
   */
  public record Logs(long maxFileSize, int maxFiles) {}
}
