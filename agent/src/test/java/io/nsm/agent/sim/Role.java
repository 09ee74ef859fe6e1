package io.nsm.agent.sim;

import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Order;
import io.nsm.process.link.HostTime;
import io.nsm.process.runtime.Lease;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/** Under which epoch a run acts: the production lease, and its callbacks one after the other. */
final class Role {
  private final Cluster cluster;
  private final Host host;
  private final Run run;
  private final Link link;
  private final Queue<Runnable> callbacks = new ArrayDeque<>();
  private Lease lease = Lease.NONE;
  private long entered;
  private boolean leaving;
  private boolean busy;
  private long finished;
  private long lapseSeen;

  Role(Cluster cluster, Host host, Run run, Link link) {
    this.cluster = cluster;
    this.host = host;
    this.run = run;
    this.link = link;
  }

  /** The newest epoch that it has begun, and not given up; 0 for none. */
  long entered() {
    return entered;
  }

  boolean leaving() {
    return leaving;
  }

  /** The greatest epoch it ever heard of. */
  long newestSeen() {
    return lease.epoch();
  }

  long finished() {
    return finished;
  }

  HostTime deadline() {
    return lease.deadline();
  }

  boolean holds() {
    return lease.holds(entered, time());
  }

  /** The time as the process reads it. */
  HostTime time() {
    return cluster.has(Habit.CHECKS_ONE_CLOCK) ? host.monotonicTime() : host.time();
  }

  /** Whether the lease of what it does has just run out, told once. */
  boolean lapsesNow() {
    boolean over = run.isLinked() && entered != 0 && !holds();
    if (over && lease.epoch() == entered && lapseSeen != entered) {
      lapseSeen = entered;
      return true;
    }
    return false;
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
      return () -> host.timeAt(host.clock() + left);
    }
    HostTime absolute = host.timeAt(deadline);
    return () -> absolute;
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
      link.say(new Event.Deactivated(run.id, new Epoch(epoch)));
    }
  }

  // Callbacks, one after the other

  void callback(Runnable callback) {
    callbacks.add(callback);
    nextCallback();
  }

  void nextCallback() {
    while (!busy && !run.isHung() && run.lives() && !callbacks.isEmpty()) {
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
      link.say(new Event.Activated(run.id, new Epoch(epoch)));
    } else {
      finish(epoch);
    }
  }

  void enter(long epoch, Optional<CheckpointRef> checkpoint) {
    entered = epoch;
    leaving = false;
    run.work.begin(checkpoint);
    cluster.world.tell(host, run.instance, run.id, "acts in epoch", epoch, "from", checkpoint);
    cluster.acts.entered(run, epoch, checkpoint);
  }

  private void leave(long epoch) {
    if (entered != 0 && entered <= epoch) {
      leaveEntered(() -> finish(epoch));
    } else if (entered == 0) {
      finish(epoch);
    }
  }

  void leaveEntered(Runnable then) {
    leaving = true;
    busy = true;
    long took = cluster.world.between(0, 60) * World.MILLIS;
    cluster.world.after(took, () -> run.whenAwake(() -> left(then)));
  }

  /** {@code deactivate} returns when what was under way is done. */
  private void left(Runnable then) {
    if (run.work.underWay() || run.isHung()) {
      cluster.world.after(20 * World.MILLIS, () -> run.whenAwake(() -> left(then)));
      return;
    }
    cluster.world.tell(host, run.instance, run.id, "acts no longer in epoch", entered);
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
    run.work.end();
    link.say(new Event.Deactivated(run.id, new Epoch(epoch)));
  }

  /** The deadline of an epoch has passed, and its process gives way and lives on. */
  void giveWay(long epoch) {
    callback(() -> leave(epoch));
  }

  /** Nothing is done in this epoch any more, whatever is heard later. */
  void over(long epoch) {
    lease = lease.ended(epoch);
  }
}
