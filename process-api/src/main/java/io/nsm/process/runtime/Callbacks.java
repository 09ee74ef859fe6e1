package io.nsm.process.runtime;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToAgent.Deactivated;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Calls the process, one callback after the other, on the thread that runs it. */
final class Callbacks implements Order.Cases {
  /** How many orders may wait for the callback before them. */
  private static final int MAX_ORDERS = 256;

  /** How long a last word may take to reach the agent. */
  private static final Duration LAST_WORD = Duration.ofSeconds(5);

  private final ManagedProcess process;
  private final ProcessContext context;
  private final Tenure tenure;
  private final AgentLink link;
  private final LeaseWatch watch;
  private final BlockingQueue<Order> orders = new ArrayBlockingQueue<>(MAX_ORDERS);
  private OptionalInt exitCode = OptionalInt.empty();

  Callbacks(
      ManagedProcess process,
      ProcessContext context,
      Tenure tenure,
      AgentLink link,
      LeaseWatch watch) {
    this.process = process;
    this.context = context;
    this.tenure = tenure;
    this.link = link;
    this.watch = watch;
  }

  /** Returns false if too many orders wait. */
  boolean order(Order order) {
    return orders.offer(order);
  }

  /** Runs the process to its end and returns the exit code. */
  int run() {
    try {
      process.start(context);
      link.ready();
      while (exitCode.isEmpty()) {
        carryOutNext();
      }
      return exitCode.getAsInt();
    } catch (Throwable problem) {
      return crashed(problem);
    }
  }

  void carryOutNext() throws Exception {
    orders.take().match(this);
  }

  /** Ends the process on the calling thread, as its own will not come back. */
  int stopHere() {
    try {
      stop(new Order.Stop());
      return NsmRuntime.EXIT_OK;
    } catch (Throwable problem) {
      return crashed(problem);
    }
  }

  @Override
  public void enter(Order.Enter enter) throws Exception {
    leaveIfEntered();
    if (!tenure.enter(enter.epoch())) {
      link.say(new Deactivated(enter.epoch()));
      return;
    }
    watch.wake();
    link.say(new Activated(enter.epoch()));
    process.activate(new LinkedTerm(enter.epoch(), enter.checkpoint(), tenure, link));
  }

  @Override
  public void leave(Order.Leave leave) throws Exception {
    long entered = tenure.standing().entered();
    if (entered != 0 && entered <= leave.epoch()) {
      leaveIfEntered();
    }
    if (entered != leave.epoch()) {
      if (tenure.standing().entered() == 0) {
        tenure.finish(leave.epoch());
      }
      link.say(new Deactivated(leave.epoch()));
    }
  }

  @Override
  public void complete(Order.Complete complete) throws Exception {
    leaveIfEntered();
    link.completed();
    process.stop();
    link.flush(LAST_WORD);
    exitCode = OptionalInt.of(NsmRuntime.EXIT_OK);
  }

  @Override
  public void fail(Order.Fail fail) {
    NsmRuntime.log("this process ends: " + fail.reason());
    link.failed(fail.reason());
    link.flush(LAST_WORD);
    exitCode = OptionalInt.of(NsmRuntime.EXIT_FAILED);
  }

  @Override
  public void stop(Order.Stop stop) throws Exception {
    leaveIfEntered();
    process.stop();
    exitCode = OptionalInt.of(NsmRuntime.EXIT_OK);
  }

  private void leaveIfEntered() throws Exception {
    long epoch = tenure.standing().entered();
    if (epoch == 0) {
      return;
    }
    tenure.leave();
    process.deactivate();
    tenure.finish(epoch);
    link.endSave(epoch);
    link.say(new Deactivated(epoch));
  }

  private int crashed(Throwable problem) {
    problem.printStackTrace();
    link.failed(problem.toString());
    link.flush(LAST_WORD);
    return NsmRuntime.EXIT_FAILED;
  }
}
