package io.nsm.agent.sim;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Order;
import io.nsm.agent.node.HostAgent;
import io.nsm.supervisor.model.Dependency.Condition;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.RunId;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a process: starts, gets ready, acts under the production lease, saves, lapses, hangs,
 * ends. Between its check of the lease and an effect it may pause for almost the margin.
 */
final class Run {
  private static final ExitStatus KILLED = new ExitStatus(137, Optional.of("KILL"), false);
  private static final ExitStatus CRASHED = new ExitStatus(1, Optional.empty(), false);
  static final ExitStatus OK = new ExitStatus(0, Optional.empty(), false);

  final RunId id;
  final InstanceId instance;
  final ProcessSpec spec;
  final Map<String, String> environment;
  final Role role;
  final Work work;
  Optional<ExitStatus> status = Optional.empty();
  private final Cluster cluster;
  private final Host host;
  private final Link link;
  private final boolean linked;
  private boolean ready;
  private boolean hung;
  private boolean stopped;
  private boolean unkillable;
  private boolean beyondHelp;

  private Run(Cluster cluster, Host host, InstanceId instance, Order.Launch launch) {
    this.cluster = cluster;
    this.host = host;
    this.instance = instance;
    this.id = launch.run();
    this.spec = launch.goal().spec();
    this.linked = launch.goal().linked();
    this.environment = Map.of(HostAgent.RESTARTS_KEY, Long.toString(launch.goal().restarts()));
    this.link = new Link(cluster.world, this);
    this.role = new Role(cluster, host, this, link);
    this.work = new Work(cluster, host, this, link);
  }

  static void launch(Cluster cluster, AgentLife life, InstanceId instance, Order.Launch launch) {
    World world = cluster.world;
    Host host = life.host;
    if (world.chance(cluster.launchFailures)) {
      world.after(
          World.MILLIS,
          () ->
              life.mail(
                  () ->
                      life.happened(
                          instance, new Event.LaunchFailed(launch.run(), "CANNOT_LAUNCH"))));
      return;
    }
    if (host.runs.containsKey(launch.run())) {
      throw new Violation("I1: run id " + launch.run() + " is used twice", world);
    }
    Run run = new Run(cluster, host, instance, launch);
    host.runs.put(run.id, run);
    run.link.open(life);
    cluster.held.holds(instance.process(), Condition.STARTED);
    if (!run.linked) {
      cluster.held.holds(instance.process(), Condition.READY);
    }
    run.link.say(new Event.Launched(run.id, cluster.nextPid()));
    if (!run.linked && run.exclusive()) {
      run.role.enter(launch.epoch().orElseThrow().number(), Optional.empty());
    }
    world.after(
        world.between(20, 400) * World.MILLIS,
        () -> run.whenAwake(() -> run.role.callback(run::started)));
    run.work.begin();
  }

  private void started() {
    ready = true;
    cluster.held.holds(instance.process(), Condition.READY);
    if (linked) {
      link.say(new Event.Connected(id, 1, Optional.empty()));
      link.say(new Event.Ready(id));
    }
  }

  boolean lives() {
    return status.isEmpty();
  }

  boolean isLinked() {
    return linked;
  }

  boolean exclusive() {
    return spec.mode() != Mode.REPLICATED;
  }

  boolean isReady() {
    return lives() && (ready || !linked);
  }

  /** The epoch in which it may act this very moment, or 0. */
  long actsIn() {
    boolean may = lives() && role.entered() != 0 && !role.leaving();
    return may && (!linked || role.holds()) ? role.entered() : 0;
  }

  /** Whether it can still do harm in its epoch: also an effect that was checked just before. */
  boolean mayYetAct() {
    if (!lives() || role.entered() == 0 || beyondHelp || (unkillable && !linked)) {
      return false;
    }
    long margin = cluster.terms.margin().toMillis();
    return !linked || !role.time().hasReached(role.deadline().plusMillis(margin));
  }

  // Probes from outside

  /** A run that hangs or is stopped does not answer; the agent has waited for it then. */
  void check(AgentLife life, Order.Check check) {
    long timeout = check.spec().probes().of(check.kind()).orElseThrow().timeout().toNanos();
    boolean answers = !hung && !isStopped();
    long takes = answers ? cluster.world.between(1, 20) * World.MILLIS : timeout;
    cluster.world.after(
        takes,
        () ->
            life.mail(
                () ->
                    life.happened(
                        instance,
                        new Event.Probed(
                            id,
                            check.kind(),
                            check.number(),
                            answers && ready ? Optional.empty() : Optional.of("silence")))));
  }

  // The operating system

  void whenAwake(Runnable action) {
    if (!lives()) {
      return;
    }
    if (isStopped()) {
      cluster.world.after(50 * World.MILLIS, () -> whenAwake(action));
    } else {
      action.run();
    }
  }

  /** SIGTERM. */
  void signal() {
    role.callback(
        () -> {
          if (role.entered() != 0) {
            role.leaveEntered(() -> end(OK));
          } else {
            end(OK);
          }
        });
  }

  /** SIGKILL: takes its time, and does nothing to what the kernel holds. */
  void kill() {
    cluster.world.after(
        cluster.world.between(1, 30) * World.MILLIS,
        () -> {
          if (lives() && !unkillable) {
            end(KILLED);
          }
        });
  }

  void crash() {
    if (lives() && !unkillable) {
      end(CRASHED);
    }
  }

  void end(ExitStatus with) {
    if (lives()) {
      cluster.world.tell(host, instance, id, "ends:", with.reason());
      status = Optional.of(with);
      host.ended(this, with, cluster.world.between(500, 8000) * World.MICROS);
    }
  }

  void lostPower() {
    status = Optional.of(KILLED);
  }

  void agentDied() {
    link.close();
    if (!linked) {
      end(KILLED);
    }
  }

  /** A program without the link acts on while its agent stands still: a known limit. */
  void agentStopped() {
    beyondHelp = beyondHelp || !linked;
  }

  /** Whether nothing that it does is held against it now: a known limit. */
  boolean isBeyondHelp() {
    return beyondHelp || host.isExcused();
  }

  boolean isHung() {
    return hung;
  }

  /** Whether the kernel does not let go of it. */
  boolean isStuck() {
    return unkillable;
  }

  void reconnect(AgentLife life) {
    if (!linked) {
      return;
    }
    cluster.world.after(
        cluster.world.between(10, 300) * World.MILLIS,
        () ->
            whenAwake(
                () -> {
                  if (!life.lives() || link.isTo(life)) {
                    return;
                  }
                  link.open(life);
                  long last = role.newestSeen();
                  link.say(
                      new Event.Connected(
                          id, 1, last == 0 ? Optional.empty() : Optional.of(new Epoch(last))));
                  if (ready) {
                    link.say(new Event.Ready(id));
                  }
                  if (role.finished() > 0) {
                    link.say(new Event.Deactivated(id, new Epoch(role.finished())));
                  }
                  if (role.entered() > 0) {
                    link.say(new Event.Activated(id, new Epoch(role.entered())));
                  }
                  work.askAgain();
                  if (work.completed()) {
                    link.say(new Event.Completed(id));
                  }
                }));
  }

  void breakLink() {
    if (linked && lives()) {
      link.close();
      host.mail(life -> life.linkBroke(instance, id));
      host.agent.ifPresent(this::reconnect);
    }
  }

  void stop() {
    cluster.world.tell(host, instance, id, "is stopped");
    stopped = true;
  }

  void goOn() {
    if (stopped && lives()) {
      cluster.world.tell(host, instance, id, "goes on");
      stopped = false;
      thawed();
    }
  }

  /** It runs again, and reads what was sent meanwhile. */
  void thawed() {
    if (!isStopped()) {
      link.readWhatWaits();
    }
  }

  boolean isStopped() {
    return stopped || host.isFrozen();
  }

  void hang() {
    cluster.world.tell(host, instance, id, "hangs");
    hung = true;
  }

  void hangInKernel() {
    cluster.world.tell(host, instance, id, "hangs in the kernel");
    unkillable = true;
    hung = true;
  }

  void recover() {
    if (lives() && unkillable) {
      end(KILLED);
    }
    hung = false;
    role.nextCallback();
    goOn();
  }

  @Override
  public String toString() {
    return host + " " + instance + " " + id;
  }
}
