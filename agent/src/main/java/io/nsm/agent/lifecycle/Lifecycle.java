package io.nsm.agent.lifecycle;

import io.nsm.agent.lifecycle.Instance.Cause;
import io.nsm.agent.lifecycle.Instance.History;
import io.nsm.agent.lifecycle.Instance.Phase;
import io.nsm.agent.lifecycle.Instance.Run;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.StateWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of an instance and what is to be done for it. */
public final class Lifecycle {

  private Lifecycle() {}

  /** The instance after an event, and what the shell is to do. */
  public record Step(Instance instance, List<Order> orders) {
    public Step {
      orders = List.copyOf(orders);
    }
  }

  /**
   * Takes one step. An event of a run that is not the living one changes nothing: a late exit of
   * run 1 cannot stop run 2.
   *
   * @param now the host's clock in nanoseconds
   * @param fresh a run id that was never used; taken if the instance reserves a next run
   */
  public static Step step(Instance instance, Event event, long now, RunId fresh) {
    Stepping stepping = new Stepping(instance, now, fresh);
    stepping.take(event);
    stepping.settle();
    return new Step(stepping.instance, stepping.orders);
  }

  /** One step in the making; lives no longer than the call. */
  private static final class Stepping {
    private Instance instance;
    private final long now;
    private final RunId fresh;
    private final List<Order> orders = new ArrayList<>();

    Stepping(Instance instance, long now, RunId fresh) {
      this.instance = instance;
      this.now = now;
      this.fresh = fresh;
    }

    void take(Event event) {
      if (event instanceof Event.Wanted wanted) {
        wanted(wanted.goal());
      } else if (event instanceof Event.Launched launched) {
        ofRun(launched.run()).ifPresent(run -> launched(run.withPid(launched.pid())));
      } else if (event instanceof Event.LaunchFailed failed) {
        ofRun(failed.run()).ifPresent(run -> launchFailed(run, failed.reason()));
      } else if (event instanceof Event.Exited exited) {
        ofRun(exited.run()).ifPresent(run -> exited(run, exited));
      } else if (event instanceof Event.Adopted adopted) {
        adopted(adopted);
      } else if (event instanceof Event.Connected connected) {
        ofRun(connected.run()).ifPresent(run -> connected(run, connected));
      } else if (event instanceof Event.Ready ready) {
        ofRun(ready.run()).ifPresent(this::ready);
      } else if (event instanceof Event.Activated activated) {
        ofRun(activated.run()).ifPresent(run -> activated(run, activated.epoch()));
      } else if (event instanceof Event.Deactivated deactivated) {
        ofRun(deactivated.run()).ifPresent(run -> deactivated(run, deactivated.epoch()));
      } else if (event instanceof Event.Heard heard) {
        ofRun(heard.run()).ifPresent(run -> replace(run.with(run.health().heard(now))));
      } else if (event instanceof Event.Probed probed) {
        ofRun(probed.run()).ifPresent(run -> probed(run, probed));
      } else if (event instanceof Event.Completed completed) {
        ofRun(completed.run()).ifPresent(run -> replace(run.complete()));
      } else if (event instanceof Event.SaidWhy why) {
        ofRun(why.run()).ifPresent(run -> replace(run.saying(why.reason())));
      } else if (event instanceof Event.MayAct mayAct) {
        mayAct(mayAct);
      } else if (event instanceof Event.MustYield mustYield) {
        mustYield(mustYield.epoch(), mustYield.why());
      }
      // A tick changes nothing by itself: settle looks at the time.
    }

    private Optional<Run> ofRun(RunId id) {
      return instance.run().filter(run -> run.id().equals(id));
    }

    private void wanted(Goal goal) {
      Goal before = instance.goal();
      instance = instance.with(goal);
      if (!(instance.phase() instanceof Phase.Down down)) {
        return;
      }
      boolean newWish =
          goal.starts() != before.starts()
              || goal.restarts() != before.restarts()
              || !goal.spec().equals(before.spec())
              || goal.running() != before.running();
      if (!goal.running()) {
        if (down.word() != StateWord.STOPPED && down.word() != StateWord.COMPLETED) {
          down(StateWord.STOPPED, Optional.empty(), Optional.of("OPERATOR"));
        }
      } else if (newWish) {
        forgive();
        down(StateWord.STOPPED, Optional.empty(), Optional.empty());
        rise();
      } else if (!goal.waitsFor().equals(before.waitsFor())
          && (down.word() == StateWord.STARTING || down.word() == StateWord.STANDBY)) {
        rise();
      }
    }

    /** An operator's wish begins anew, whatever failed before. */
    private void forgive() {
      History history = instance.history();
      instance = instance.with(new History(0, List.of(), history.restarts(), history.exits()));
    }

    /** From down to the next run: at once, or when it is granted, or when it need not wait. */
    private void rise() {
      if (instance.goal().waitsFor().isPresent()) {
        String what = instance.goal().waitsFor().get();
        down(StateWord.STARTING, Optional.empty(), Optional.of("waits for " + what));
      } else if (instance.goal().cold()) {
        down(StateWord.STANDBY, Optional.empty(), Optional.empty());
      } else {
        launch(Optional.empty());
      }
    }

    private void launch(Optional<Cause> cause) {
      Run plain = Run.launched(instance.next(), instance.goal(), now);
      // A run without the link is told of its epoch by its environment, and acts from its launch.
      Run run =
          instance.goal().linked()
              ? plain
              : cause.map(c -> plain.told(c.grant().epoch(), c.deadline())).orElse(plain);
      instance = instance.withNext(fresh).in(new Phase.Starting(run, cause), now);
      orders.add(new Order.Launch(run.id(), instance.goal(), cause.map(c -> c.grant().epoch())));
    }

    private void launched(Run run) {
      replace(run);
      if (instance.phase() instanceof Phase.Starting starting && !run.launched().linked()) {
        starting
            .cause()
            .ifPresentOrElse(
                cause -> {
                  Epoch epoch = cause.grant().epoch();
                  instance =
                      instance.in(new Phase.Acting(run.told(epoch, cause.deadline()), true), now);
                },
                () -> instance = instance.in(new Phase.Ready(run), now));
      }
    }

    private void launchFailed(Run run, String reason) {
      afterEnd(run, 1, reason, 0.5);
    }

    private void exited(Run run, Event.Exited exited) {
      String reason = reasonOf(run, exited);
      long lived = Math.max(0, (now - run.startedAt()) / 1_000_000);
      instance =
          instance.with(
              instance
                  .history()
                  .ended(new InstanceReport.Exit(run.id(), reason, exited.atMillis(), lived)));
      Phase phase = instance.phase();
      if (phase instanceof Phase.Stopping stopping && stopping.wished()) {
        orders.add(new Order.Tell("stopped", stopping.why(), instance.id() + " stopped"));
        if (instance.goal().running()) {
          rise();
        } else {
          down(StateWord.STOPPED, Optional.empty(), Optional.of(stopping.why()));
        }
        return;
      }
      afterEnd(run, exited.code(), reason, exited.chance());
    }

    private String reasonOf(Run run, Event.Exited exited) {
      if (instance.phase() instanceof Phase.Stopping stopping
          && !stopping.wished()
          && stopping.killAt().isEmpty()) {
        return stopping.why();
      }
      return exited.code() == EXIT_LEASE_LOST
          ? "LEASE_LOST"
          : run.saidWhy().orElse(exited.reason());
    }

    /** What follows an end that nobody wished for. */
    private void afterEnd(Run run, int code, String reason, double chance) {
      Goal goal = instance.goal();
      ProcessSpec.Restart restart = goal.spec().restart();
      boolean success = restart.success().contains(code);
      boolean oneShot = goal.spec().mode() == ProcessSpec.Mode.ONE_SHOT;
      boolean done = oneShot && (success || run.completed());
      orders.add(
          new Order.Tell(
              done ? "completed" : "exited",
              reason,
              instance.id() + (done ? " completed" : " ended: " + reason)));
      if (done) {
        finish(run, true, reason);
        down(StateWord.COMPLETED, Optional.empty(), Optional.of(reason));
        return;
      }
      if (!goal.running()) {
        down(StateWord.STOPPED, Optional.empty(), Optional.of(reason));
        return;
      }
      Backoff.Decision decision =
          Backoff.decide(restart, instance.history(), code, success, run.startedAt(), now, chance);
      instance = instance.with(decision.history());
      if (decision.delayNanos().isPresent()) {
        long delay = decision.delayNanos().get();
        down(StateWord.BACKOFF, Optional.of(now + delay), Optional.of(reason));
        return;
      }
      if (oneShot) {
        finish(run, false, reason);
      }
      down(success ? StateWord.COMPLETED : StateWord.FAILED, Optional.empty(), Optional.of(reason));
      if (!success) {
        orders.add(
            new Order.Tell(
                "failed",
                reason,
                instance.id()
                    + " is not started again ("
                    + decision.why()
                    + "): nsmctl start "
                    + instance.id().process()
                    + " tries anew"));
      }
    }

    private void finish(Run run, boolean success, String reason) {
      if (run.seen().isAfter(Epoch.NONE)) {
        orders.add(new Order.Finish(run.id(), run.seen(), success, reason));
      }
    }

    private void adopted(Event.Adopted adopted) {
      if (instance.run().isPresent()) {
        return;
      }
      Run run =
          new Run(
              adopted.run(),
              adopted.launched(),
              now,
              Optional.empty(),
              Epoch.NONE,
              Epoch.NONE,
              Optional.of(adopted.latest()),
              Optional.empty(),
              false,
              Health.NEW);
      // Until it is known what is wanted now, what was wanted then is.
      instance = instance.with(adopted.launched()).in(new Phase.Found(run, adopted.latest()), now);
      if (!adopted.launched().linked()) {
        kill(run, "AGENT_LOST", false);
      }
    }

    private void connected(Run run, Event.Connected connected) {
      Run known = run.withPid(connected.pid());
      replace(known);
      if (!(instance.phase() instanceof Phase.Found)) {
        return;
      }
      Optional<Epoch> acting = connected.acting();
      if (acting.isPresent()) {
        Run seen = known.told(acting.get(), known.deadline().orElse(now));
        instance = instance.in(new Phase.Acting(seen, false), now);
      } else if (known.launched().cold()) {
        // Launched for a grant that only the earlier agent knew, and never told to act.
        stop(known, "AGENT_LOST");
      } else {
        instance = instance.in(new Phase.Starting(known, Optional.empty()), now);
      }
    }

    private void probed(Run run, Event.Probed probed) {
      replace(
          run.with(
              run.health()
                  .answered(
                      instance.goal().spec().probes(),
                      probed.kind(),
                      probed.number(),
                      probed.failure(),
                      now)));
    }

    private void ready(Run said) {
      Run run = said.with(said.health().ready());
      replace(run);
      if (!(instance.phase() instanceof Phase.Starting starting)) {
        return;
      }
      instance = instance.in(new Phase.Ready(run), now);
      orders.add(new Order.Tell("ready", "", instance.id() + " is ready"));
      starting
          .cause()
          .ifPresent(
              cause ->
                  mayAct(new Event.MayAct(cause.grant(), cause.deadline(), cause.checkpoint())));
    }

    private void activated(Run run, Epoch epoch) {
      if (instance.phase() instanceof Phase.Acting && run.seen().equals(epoch)) {
        instance = instance.with(new Phase.Acting(run, true));
      }
    }

    private void deactivated(Run run, Epoch epoch) {
      boolean oneShot = run.launched().spec().mode() == ProcessSpec.Mode.ONE_SHOT;
      if (oneShot && instance.phase() instanceof Phase.Acting && run.seen().equals(epoch)) {
        // Its work is complete, or its lease was lost; its end tells which, and may be forced.
        instance =
            instance.in(
                new Phase.Stopping(
                    run.acted(epoch), Optional.of(now + timeout(run)), "LEASE_LOST", false),
                now);
        return;
      }
      // A one-shot's grant goes with its run: it is no standby that could act next.
      Run over = oneShot ? run.acted(epoch) : run.done(epoch);
      if (instance.phase() instanceof Phase.Leaving leaving && run.seen().equals(epoch)) {
        yielded(over, leaving.why());
      } else if (instance.phase() instanceof Phase.Acting && run.seen().equals(epoch)) {
        yielded(over, "LEASE_LOST");
      }
    }

    /** A hot standby waits for another epoch; a cold one ends, as one is launched when granted. */
    private void yielded(Run run, String why) {
      orders.add(new Order.Tell("yielded", why, instance.id() + " stopped acting"));
      if (run.launched().cold()) {
        stop(run, why);
      } else {
        instance = instance.in(new Phase.Ready(run), now);
      }
    }

    /** The lease covers a grant: act under it, or go on acting. */
    private void mayAct(Event.MayAct mayAct) {
      Epoch epoch = mayAct.grant().epoch();
      if (!instance.canCarryOut(mayAct.grant())) {
        return;
      }
      Phase phase = instance.phase();
      if (phase instanceof Phase.Down) {
        launch(Optional.of(new Cause(mayAct.grant(), mayAct.deadline(), mayAct.checkpoint())));
      } else if (phase instanceof Phase.Starting starting) {
        instance =
            instance.with(
                new Phase.Starting(
                    starting.run(),
                    Optional.of(
                        new Cause(mayAct.grant(), mayAct.deadline(), mayAct.checkpoint()))));
      } else if (phase instanceof Phase.Ready ready) {
        Run told = ready.run().told(epoch, mayAct.deadline());
        instance = instance.in(new Phase.Acting(told, false), now);
        orders.add(new Order.Activate(told.id(), epoch, mayAct.deadline(), mayAct.checkpoint()));
      } else if (phase instanceof Phase.Acting acting) {
        extend(acting, mayAct.deadline());
      }
    }

    /** A deadline that has passed is never extended: the run is done with that epoch. */
    private void extend(Phase.Acting acting, long deadline) {
      long before = acting.run().deadline().orElse(now);
      if (now - before > 0 || deadline - before <= 0) {
        return;
      }
      Run told = acting.run().told(acting.run().seen(), deadline);
      instance = instance.with(new Phase.Acting(told, acting.confirmed()));
      orders.add(new Order.Extend(told.id(), told.seen(), deadline));
    }

    private void mustYield(Epoch epoch, String why) {
      if (instance.phase() instanceof Phase.Acting acting && acting.run().seen().equals(epoch)) {
        leave(acting.run(), why);
      } else if (instance.phase() instanceof Phase.Starting starting
          && starting.cause().map(c -> c.grant().epoch().equals(epoch)).orElse(false)) {
        stop(starting.run(), why);
      }
    }

    private void leave(Run run, String why) {
      if (!run.launched().linked()) {
        kill(run, why, true);
        return;
      }
      instance = instance.in(new Phase.Leaving(run, now + timeout(run), why), now);
      orders.add(new Order.Deactivate(run.id(), run.seen()));
    }

    private void stop(Run run, String why) {
      instance =
          instance.in(new Phase.Stopping(run, Optional.of(now + timeout(run)), why, true), now);
      orders.add(new Order.Signal(run.id(), run.launched().spec().stop().signal()));
    }

    private void kill(Run run, String why, boolean wished) {
      instance = instance.in(new Phase.Stopping(run, Optional.empty(), why, wished), now);
      orders.add(new Order.Kill(run.id()));
    }

    private static long timeout(Run run) {
      return run.launched().spec().stop().timeout().toNanos();
    }

    /** What follows from the time and from what is wanted, whatever happened. */
    private void settle() {
      settlePhase();
      Phase phase = instance.phase();
      if (phase instanceof Phase.Starting
          || phase instanceof Phase.Ready
          || phase instanceof Phase.Acting) {
        look(phase.alive().orElseThrow());
      }
    }

    /** Looks how a run does that is neither being found nor being ended. */
    private void look(Run run) {
      Probes probes = instance.goal().spec().probes();
      if (probes.equals(Probes.NONE)) {
        return;
      }
      boolean linked = run.launched().linked();
      if (!linked && instance.phase() instanceof Phase.Starting) {
        return;
      }
      Health.Looked looked = run.health().look(probes, linked, now);
      Run known = run.with(looked.health());
      replace(known);
      for (Health.Ask ask : looked.asks()) {
        orders.add(new Order.Check(run.id(), ask.kind(), ask.number(), instance.goal().spec()));
      }
      looked.health().verdict(probes).ifPresent(verdict -> condemn(known, verdict));
    }

    /** A JVM that does nothing any more can often still say what its threads wait for. */
    private void condemn(Run run, Health.Verdict verdict) {
      orders.add(
          new Order.Tell(
              "hung", verdict.reason(), instance.id() + " is killed: " + verdict.text()));
      instance =
          instance.in(new Phase.Stopping(run, Optional.empty(), verdict.reason(), false), now);
      orders.add(run.launched().linked() ? new Order.KillHung(run.id()) : new Order.Kill(run.id()));
    }

    private void settlePhase() {
      Phase phase = instance.phase();
      Optional<Run> run = phase.alive();
      if (phase instanceof Phase.Down down) {
        boolean due = down.until().map(until -> now - until >= 0).orElse(false);
        if (due && instance.goal().running()) {
          History history = instance.history();
          instance =
              instance.with(
                  new History(
                      history.failures(),
                      history.failedAt(),
                      history.restarts() + 1,
                      history.exits()));
          rise();
        }
      } else if (phase instanceof Phase.Acting acting) {
        settleActing(acting);
      } else if (phase instanceof Phase.Leaving leaving) {
        if (now - leaving.killAt() >= 0) {
          kill(leaving.run(), leaving.why(), true);
        }
      } else if (phase instanceof Phase.Stopping stopping) {
        if (stopping.killAt().map(at -> now - at >= 0).orElse(false)) {
          kill(stopping.run(), stopping.why(), stopping.wished());
        }
      } else if (phase instanceof Phase.Found found) {
        if (now - found.killAt() >= 0) {
          kill(found.run(), "LEASE_LOST", false);
        }
      } else if (!instance.goal().servedBy(run.orElseThrow().launched())) {
        stop(run.get(), "OPERATOR");
      }
    }

    private void settleActing(Phase.Acting acting) {
      Run run = acting.run();
      boolean lapsed = run.deadline().map(end -> now - end > 0).orElse(false);
      if (lapsed) {
        boolean demote =
            run.launched().spec().activeStandby().onLeaseLost() == OnLeaseLost.DEMOTE
                && run.launched().linked();
        if (demote) {
          leave(run, "LEASE_LOST");
        } else {
          kill(run, "LEASE_LOST", false);
        }
      } else if (!instance.goal().servedBy(run.launched())) {
        leave(run, "OPERATOR");
      }
    }

    private void down(StateWord word, Optional<Long> until, Optional<String> reason) {
      instance = instance.in(new Phase.Down(word, until, reason), now);
    }

    /** The same phase with a run of which more is known. */
    private void replace(Run run) {
      Phase phase = instance.phase();
      if (phase instanceof Phase.Starting starting) {
        instance = instance.with(new Phase.Starting(run, starting.cause()));
      } else if (phase instanceof Phase.Found found) {
        instance = instance.with(new Phase.Found(run, found.killAt()));
      } else if (phase instanceof Phase.Ready) {
        instance = instance.with(new Phase.Ready(run));
      } else if (phase instanceof Phase.Acting acting) {
        instance = instance.with(new Phase.Acting(run, acting.confirmed()));
      } else if (phase instanceof Phase.Leaving leaving) {
        instance = instance.with(new Phase.Leaving(run, leaving.killAt(), leaving.why()));
      } else if (phase instanceof Phase.Stopping stopping) {
        instance =
            instance.with(
                new Phase.Stopping(run, stopping.killAt(), stopping.why(), stopping.wished()));
      }
    }
  }

  /** The exit code with which a process ends itself at its lease's end. */
  public static final int EXIT_LEASE_LOST = 75;
}
