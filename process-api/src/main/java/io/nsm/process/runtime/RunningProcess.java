package io.nsm.process.runtime;

import io.nsm.process.Checkpoint;
import io.nsm.process.ManagedProcess;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.OnLeaseLost;
import io.nsm.process.link.RunEnvironment;
import io.nsm.process.link.ToAgent.Deactivated;
import io.nsm.process.link.ToProcess.Activate;
import io.nsm.process.link.ToProcess.Deactivate;
import io.nsm.process.link.ToProcess.Extend;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/** One process with its link, its lease and its callbacks, wired together. */
final class RunningProcess implements AgentLink.Orders, LeaseWatch.Lapse {
  /** How long the halt at the lease's end waits for its own message: output may block. */
  private static final long LAST_LINE_MILLIS = 20;

  private final RunEnvironment environment;
  private final HostClock clock;
  private final IntConsumer halt;
  private final Tenure tenure;
  private final AgentLink link;
  private final LeaseWatch watch;
  private final Callbacks callbacks;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitCode;

  RunningProcess(
      ManagedProcess process,
      RunEnvironment environment,
      List<String> arguments,
      HostClock clock,
      IntConsumer halt) {
    this.environment = environment;
    this.clock = clock;
    this.halt = halt;
    tenure = new Tenure(clock);
    link = new AgentLink(environment, tenure);
    watch = new LeaseWatch(tenure, this);
    LinkedContext context = new LinkedContext(environment, arguments, link, this::order);
    callbacks = new Callbacks(process, context, tenure, link, watch);
  }

  /** Runs the process to its end and returns the exit code. */
  int run() {
    watch.start();
    link.start(this);
    Rehearsal.run(environment, clock);
    exitCode = callbacks.run();
    ended.countDown();
    return exitCode;
  }

  /** Carries out one order on the calling thread. */
  void carryOutNext() throws Exception {
    callbacks.carryOutNext();
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Has the process end in order, waits for it and returns the exit code. */
  int end() throws InterruptedException {
    order(new Order.Stop());
    ended.await();
    return exitCode;
  }

  /** As {@link #end}, on the calling thread: that of the callbacks will not come back. */
  int endHere() {
    return callbacks.stopHere();
  }

  @Override
  public boolean activate(Activate activate) {
    if (!tenure.grant(activate.epoch(), activate.deadline())) {
      return sayIfFinished(activate.epoch());
    }
    return callbacks.order(
        new Order.Enter(
            activate.epoch(),
            activate
                .checkpoint()
                .map(saved -> new Checkpoint(saved.epoch(), saved.sequence(), saved.state()))));
  }

  @Override
  public boolean extend(Extend extend) {
    tenure.extend(extend.epoch(), extend.deadline());
    return sayIfFinished(extend.epoch());
  }

  @Override
  public boolean deactivate(Deactivate deactivate) {
    if (tenure.standing().finished() >= deactivate.epoch()) {
      return sayIfFinished(deactivate.epoch());
    }
    return callbacks.order(new Order.Leave(deactivate.epoch()));
  }

  @Override
  public boolean stop() {
    return callbacks.order(new Order.Stop());
  }

  @Override
  public boolean superseded(long epoch) {
    tenure.end(epoch);
    return callbacks.order(new Order.Leave(epoch));
  }

  @Override
  public void lapsed(long epoch) {
    tenure.end(epoch);
    boolean demotes = environment.onLeaseLost() == OnLeaseLost.DEMOTE;
    if (demotes && callbacks.order(new Order.Leave(epoch))) {
      NsmRuntime.log("the lease of epoch " + epoch + " has ended: deactivating");
      link.endSave(epoch);
      return;
    }
    try {
      sayBeforeHalt("the lease of epoch " + epoch + " has ended: this JVM halts");
    } finally {
      halt.accept(NsmRuntime.EXIT_LEASE_LOST);
    }
  }

  /** A report may have been lost with the link, so it is repeated for whoever still asks. */
  private boolean sayIfFinished(long epoch) {
    if (epoch <= tenure.standing().finished()) {
      link.say(new Deactivated(epoch));
    }
    return true;
  }

  private void order(Order order) {
    if (!callbacks.order(order)) {
      throw new IllegalStateException("too many orders wait for a callback to return");
    }
  }

  private static void sayBeforeHalt(String message) {
    Thread last = RuntimeThread.of("nsm-last-line", () -> NsmRuntime.log(message));
    last.start();
    try {
      last.join(LAST_LINE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
