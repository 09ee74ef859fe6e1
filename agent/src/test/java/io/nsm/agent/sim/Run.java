package io.nsm.agent.sim;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Lifecycle;
import io.nsm.agent.lifecycle.Order;
import io.nsm.agent.node.HostAgent;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.runtime.Lease;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.RunId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * One run of a process: starts, gets ready, acts under the production lease, saves, lapses, hangs,
 * ends. Between its check of the lease and an effect it may pause for almost the margin.
 */
final class Run {
  private static final ExitStatus KILLED = new ExitStatus(137, Optional.of("KILL"), false);
  private static final ExitStatus CRASHED = new ExitStatus(1, Optional.empty(), false);
  private static final ExitStatus OK = new ExitStatus(0, Optional.empty(), false);

  final RunId id;
  final InstanceId instance;
  final ProcessSpec spec;
  final Map<String, String> environment;
  Optional<ExitStatus> status = Optional.empty();
  private final Cluster cluster;
  private final Host host;
  private final Link link;
  private final boolean linked;
  private final Queue<Runnable> callbacks = new ArrayDeque<>();
  private boolean ready;
  private boolean busy;
  private boolean hung;
  private boolean stopped;
  private boolean unkillable;
  private boolean beyondHelp;
  private Lease lease = Lease.NONE;
  private long entered;
  private boolean leaving;
  private long finished;
  private long lapseSeen;
  private int inFlight;
  private long sequence;
  private long nextSaveAt;
  private Optional<Command.Save> saving = Optional.empty();
  private long workLeft;
  private boolean completed;

  private Run(Cluster cluster, Host host, InstanceId instance, Order.Launch launch) {
    this.cluster = cluster;
    this.host = host;
    this.instance = instance;
    this.id = launch.run();
    this.spec = launch.goal().spec();
    this.linked = launch.goal().linked();
    this.environment = Map.of(HostAgent.RESTARTS_KEY, Long.toString(launch.goal().restarts()));
    this.link = new Link(cluster.world, this);
    this.workLeft = cluster.world.between(300, 3000) * World.MILLIS;
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
    run.link.say(new Event.Launched(run.id, cluster.nextPid()));
    if (!run.linked && run.exclusive()) {
      run.enter(launch.epoch().orElseThrow().number(), Optional.empty());
    }
    world.after(
        world.between(20, 400) * World.MILLIS,
        () -> run.whenAwake(() -> run.callback(run::started)));
    run.working();
  }

  private void started() {
    ready = true;
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
    boolean may = lives() && entered != 0 && !leaving;
    return may && (!linked || lease.holds(entered, time())) ? entered : 0;
  }

  /** Whether it can still do harm in its epoch: also an effect that was checked just before. */
  boolean mayYetAct() {
    if (!lives() || entered == 0 || beyondHelp || unkillable && !linked) {
      return false;
    }
    long end = lease.deadline().monotonicNanos() + cluster.terms.margin().toNanos();
    return !linked || host.clock() - end < 0;
  }

  private HostTime time() {
    return hostTime(host.clock());
  }

  private static HostTime hostTime(long nanos) {
    return new HostTime(nanos, Math.floorDiv(nanos, World.MILLIS));
  }

  // Orders of the agent

  void activate(AgentLife life, Order.Activate order) {
    Supplier<HostTime> until = deadline(order.deadline());
    link.order(
        life,
        () -> {
          long epoch = order.epoch().number();
          boolean begins = epoch > lease.epoch();
          lease = lease.granted(epoch, until.get(), time());
          if (begins) {
            callback(() -> enterAfterLeaving(epoch, order.checkpoint()));
          } else {
            sayIfFinished(epoch);
          }
        });
  }

  void extend(AgentLife life, Order.Extend order) {
    Supplier<HostTime> until = deadline(order.deadline());
    link.order(
        life,
        () -> {
          lease = lease.extended(order.epoch().number(), until.get(), time());
          sayIfFinished(order.epoch().number());
        });
  }

  private Supplier<HostTime> deadline(long deadline) {
    if (cluster.has(Habit.LEASE_FROM_RECEIPT)) {
      long left = deadline - host.clock();
      return () -> hostTime(host.clock() + left);
    }
    return () -> hostTime(deadline);
  }

  void deactivate(AgentLife life, long epoch) {
    link.order(
        life,
        () -> {
          if (finished >= epoch) {
            sayIfFinished(epoch);
          } else {
            callback(() -> leave(epoch));
          }
        });
  }

  private void sayIfFinished(long epoch) {
    if (epoch <= finished) {
      link.say(new Event.Deactivated(id, new Epoch(epoch)));
    }
  }

  // Callbacks, one after the other

  private void callback(Runnable callback) {
    callbacks.add(callback);
    nextCallback();
  }

  private void nextCallback() {
    while (!busy && !hung && lives() && !callbacks.isEmpty()) {
      callbacks.remove().run();
    }
  }

  private void enterAfterLeaving(long epoch, Optional<CheckpointRef> checkpoint) {
    if (entered != 0) {
      leaveEntered(() -> enterIfHeld(epoch, checkpoint));
    } else {
      enterIfHeld(epoch, checkpoint);
    }
  }

  private void enterIfHeld(long epoch, Optional<CheckpointRef> checkpoint) {
    if (lease.holds(epoch, time())) {
      enter(epoch, checkpoint);
      link.say(new Event.Activated(id, new Epoch(epoch)));
    } else {
      finish(epoch);
    }
  }

  private void enter(long epoch, Optional<CheckpointRef> checkpoint) {
    entered = epoch;
    leaving = false;
    sequence = checkpoint.map(CheckpointRef::sequence).orElse(0L);
    cluster.world.tell(host, instance, id, "acts in epoch", epoch, "from", checkpoint);
    cluster.acts.entered(this, epoch, checkpoint);
  }

  private void leave(long epoch) {
    if (entered != 0 && entered <= epoch) {
      leaveEntered(() -> finish(epoch));
    } else if (entered == 0) {
      finish(epoch);
    }
  }

  private void leaveEntered(Runnable then) {
    leaving = true;
    busy = true;
    long took = cluster.world.between(0, 60) * World.MILLIS;
    cluster.world.after(took, () -> whenAwake(() -> left(then)));
  }

  /** {@code deactivate} returns when what was under way is done. */
  private void left(Runnable then) {
    if (inFlight > 0 || hung) {
      cluster.world.after(20 * World.MILLIS, () -> whenAwake(() -> left(then)));
      return;
    }
    cluster.world.tell(host, instance, id, "acts no longer in epoch", entered);
    finish(entered);
    busy = false;
    then.run();
    nextCallback();
  }

  private void finish(long epoch) {
    if (entered <= epoch) {
      entered = 0;
      leaving = false;
    }
    finished = Math.max(finished, epoch);
    lease = lease.ended(epoch);
    saving = Optional.empty();
    link.say(new Event.Deactivated(id, new Epoch(epoch)));
  }

  // Work

  private void working() {
    cluster.world.after(
        cluster.world.between(10, 50) * World.MILLIS,
        () -> {
          if (lives()) {
            if (!stopped) {
              work();
            }
            working();
          }
        });
  }

  private void work() {
    if (unkillable) {
      return;
    }
    boolean over = linked && entered != 0 && !lease.holds(entered, time());
    if (over && lease.epoch() == entered && lapseSeen != entered) {
      lapseSeen = entered;
      lapsed(entered);
      return;
    }
    if (hung || entered == 0 || leaving || over) {
      return;
    }
    act(entered);
    if (linked && saving.isEmpty() && cluster.world.now() >= nextSaveAt) {
      save();
    }
    workLeft -= 30 * World.MILLIS;
    if (spec.mode() == Mode.ONE_SHOT && workLeft <= 0 && !completed) {
      complete();
    }
  }

  private void act(long epoch) {
    long most = (long) (cluster.terms.margin().toNanos() / host.clockRate() * 0.99);
    long pause = cluster.world.chance(0.8) ? 0 : cluster.world.between(0, most);
    inFlight++;
    cluster.world.after(
        pause,
        () -> {
          inFlight--;
          if (lives() && !unkillable) {
            cluster.acts.effect(this, epoch);
          }
        });
  }

  private void lapsed(long epoch) {
    cluster.world.tell(host, instance, id, "lapses in epoch", epoch);
    lease = lease.ended(epoch);
    if (spec.activeStandby().onLeaseLost() == OnLeaseLost.DEMOTE) {
      callback(() -> leave(epoch));
    } else {
      end(new ExitStatus(Lifecycle.EXIT_LEASE_LOST, Optional.empty(), false));
    }
  }

  private void save() {
    sequence++;
    nextSaveAt = cluster.world.now() + cluster.world.between(50, 500) * World.MILLIS;
    byte[] state = (id + " " + sequence).getBytes(StandardCharsets.UTF_8);
    Command.Save save =
        new Command.Save(
            instance.process(),
            new Epoch(entered),
            sequence,
            Digest.of(state),
            state.length,
            cluster.world.chance(cluster.inlineSaves) ? Optional.of(state) : Optional.empty(),
            0);
    saving = Optional.of(save);
    cluster.truth.made(save);
    link.ask(save);
  }

  /** What the agent says of a save. */
  void saved(AgentLife life, Command.Save save, SaveResult result) {
    link.order(
        life,
        () -> {
          if (saving.filter(asked -> asked == save).isEmpty()) {
            return;
          }
          saving = Optional.empty();
          if (result == SaveResult.SAVED) {
            cluster.truth.acknowledged(save);
          } else if (result == SaveResult.TERM_ENDED) {
            lease = lease.ended(save.epoch().number());
            callback(() -> leave(save.epoch().number()));
          }
        });
  }

  private void complete() {
    completed = true;
    if (!linked) {
      end(OK);
      return;
    }
    callback(
        () ->
            leaveEntered(
                () -> {
                  link.say(new Event.Completed(id));
                  cluster.world.after(
                      cluster.world.between(1, 20) * World.MILLIS, () -> whenAwake(() -> end(OK)));
                }));
  }

  // The operating system

  private void whenAwake(Runnable action) {
    if (!lives()) {
      return;
    }
    if (stopped) {
      cluster.world.after(50 * World.MILLIS, () -> whenAwake(action));
    } else {
      action.run();
    }
  }

  /** SIGTERM. */
  void signal() {
    callback(
        () -> {
          if (entered != 0) {
            leaveEntered(() -> end(OK));
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

  private void end(ExitStatus with) {
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

  /** A program without the link acts on while its agent stands still: a known limit (H17). */
  void agentStopped() {
    beyondHelp = beyondHelp || !linked;
  }

  boolean isBeyondHelp() {
    return beyondHelp;
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
                  long last = lease.epoch();
                  link.say(
                      new Event.Connected(
                          id, 1, last == 0 ? Optional.empty() : Optional.of(new Epoch(last))));
                  if (ready) {
                    link.say(new Event.Ready(id));
                  }
                  if (finished > 0) {
                    link.say(new Event.Deactivated(id, new Epoch(finished)));
                  }
                  if (entered > 0) {
                    link.say(new Event.Activated(id, new Epoch(entered)));
                  }
                  saving.ifPresent(link::ask);
                  if (completed) {
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
      link.readWhatWaits();
    }
  }

  boolean isStopped() {
    return stopped;
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
    nextCallback();
    goOn();
  }

  @Override
  public String toString() {
    return host + " " + instance + " " + id;
  }
}
