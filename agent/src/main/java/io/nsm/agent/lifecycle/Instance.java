package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.StateWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One instance as its agent knows it.
 *
 * @param since when it came into its phase, on the host's clock in nanoseconds
 * @param next the run that is launched next
 */
public record Instance(
    InstanceId id, Goal goal, Phase phase, long since, RunId next, History history) {

  /** How many ends are remembered. */
  static final int MAX_EXITS = 5;

  /** An instance that has just been placed here. */
  public static Instance placed(InstanceId id, Goal goal, RunId next, long now) {
    return new Instance(
        id,
        goal.stopped(),
        new Phase.Down(StateWord.STOPPED, Optional.empty(), Optional.empty()),
        now,
        next,
        History.NONE);
  }

  /** The same, with what an earlier agent counted. */
  public Instance restarted(int restarts) {
    return with(new History(history.failures(), history.failedAt(), restarts, history.exits()));
  }

  /**
   * A run and what is known of it.
   *
   * @param launched what was wanted when it was launched
   * @param seen the newest epoch it was told of; it never acts in that one or an older one again
   * @param over the newest epoch whose {@code deactivate} returned while it was to live on or to be
   *     stopped
   * @param deadline the last one it was ever given, for {@code seen}
   * @param health what its probes tell
   */
  public record Run(
      RunId id,
      Goal launched,
      long startedAt,
      Optional<Long> pid,
      Epoch seen,
      Epoch over,
      Optional<Long> deadline,
      Optional<String> saidWhy,
      boolean completed,
      Health health) {

    static Run launched(RunId id, Goal goal, long now) {
      return new Run(
          id,
          goal,
          now,
          Optional.empty(),
          Epoch.NONE,
          Epoch.NONE,
          Optional.empty(),
          Optional.empty(),
          false,
          Health.NEW);
    }

    Run withPid(long number) {
      return new Run(
          id,
          launched,
          startedAt,
          Optional.of(number),
          seen,
          over,
          deadline,
          saidWhy,
          completed,
          health);
    }

    Run told(Epoch epoch, long until) {
      return in(epoch, over, Optional.of(until));
    }

    Run acted(Epoch epoch) {
      return epoch.isAfter(seen) ? in(epoch, over, Optional.empty()) : this;
    }

    /** Its {@code deactivate} returned: nothing of the epoch happens any more. */
    Run done(Epoch epoch) {
      Run told = acted(epoch);
      return in(told.seen, epoch, told.deadline);
    }

    private Run in(Epoch newest, Epoch ended, Optional<Long> until) {
      return new Run(
          id, launched, startedAt, pid, newest, ended, until, saidWhy, completed, health);
    }

    Run saying(String why) {
      return new Run(
          id, launched, startedAt, pid, seen, over, deadline, Optional.of(why), completed, health);
    }

    Run complete() {
      return new Run(id, launched, startedAt, pid, seen, over, deadline, saidWhy, true, health);
    }

    Run with(Health known) {
      return new Run(id, launched, startedAt, pid, seen, over, deadline, saidWhy, completed, known);
    }
  }

  /** Where the instance stands. */
  public sealed interface Phase {

    /** The run that lives in this phase, if one does. */
    default Optional<Run> alive() {
      return Optional.empty();
    }

    /**
     * No run lives.
     *
     * @param word STOPPED, STARTING (waits for another process), STANDBY (cold, waits for its
     *     grant), BACKOFF, FAILED or COMPLETED
     * @param until when the next launch is due, for BACKOFF
     */
    record Down(StateWord word, Optional<Long> until, Optional<String> reason) implements Phase {}

    /**
     * Launched, and not ready yet.
     *
     * @param cause the grant it was launched for, if it is cold
     */
    record Starting(Run run, Optional<Cause> cause) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }

    /**
     * A run of an earlier agent that has not said yet what it does: it may act.
     *
     * @param killAt when it is ended if it has not
     */
    record Found(Run run, long killAt) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }

    /** Ready: acts if its process is replicated, stands by if not. */
    record Ready(Run run) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }

    /**
     * Acts in the epoch that the run has seen last.
     *
     * @param confirmed whether it said so itself
     */
    record Acting(Run run, boolean confirmed) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }

    /**
     * Was told to stop acting.
     *
     * @param killAt when it is ended if it has not
     */
    record Leaving(Run run, long killAt, String why) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }

    /**
     * Was told to end.
     *
     * @param killAt when it is killed if it has not; empty once it was
     */
    record Stopping(Run run, Optional<Long> killAt, String why, boolean wished) implements Phase {
      @Override
      public Optional<Run> alive() {
        return Optional.of(run);
      }
    }
  }

  /** The grant that a cold run was launched for. */
  public record Cause(Grant.Held grant, long deadline, Optional<CheckpointRef> checkpoint) {}

  /**
   * What happened before.
   *
   * @param failures ends in a row that nobody wished for
   * @param failedAt when the newest of them were
   * @param restarts launches after such an end, ever
   */
  public record History(
      int failures, List<Long> failedAt, int restarts, List<InstanceReport.Exit> exits) {
    static final History NONE = new History(0, List.of(), 0, List.of());

    public History {
      failedAt = List.copyOf(failedAt);
      exits = List.copyOf(exits);
    }

    History ended(InstanceReport.Exit exit) {
      List<InstanceReport.Exit> newest = new ArrayList<>();
      newest.add(exit);
      newest.addAll(exits.subList(0, Math.min(exits.size(), MAX_EXITS - 1)));
      return new History(failures, failedAt, restarts, newest);
    }
  }

  Instance in(Phase phase, long now) {
    return new Instance(id, goal, phase, now, next, history);
  }

  /** The same phase, with more known of it. */
  Instance with(Phase phase) {
    return new Instance(id, goal, phase, since, next, history);
  }

  Instance with(Goal goal) {
    return new Instance(id, goal, phase, since, next, history);
  }

  Instance with(History history) {
    return new Instance(id, goal, phase, since, next, history);
  }

  Instance withNext(RunId next) {
    return new Instance(id, goal, phase, since, next, history);
  }

  /** The run that lives, if one does. */
  public Optional<Run> run() {
    return phase.alive();
  }

  /** Whether this instance can act under a grant, now or soon, and has not given it up. */
  public boolean canCarryOut(Grant.Held grant) {
    if (phase instanceof Phase.Down down) {
      return down.word() == StateWord.STANDBY && grant.run().equals(next);
    }
    Run run = phase.alive().orElseThrow();
    if (!run.id().equals(grant.run())) {
      return false;
    }
    if (phase instanceof Phase.Found) {
      return true;
    }
    if (phase instanceof Phase.Starting starting) {
      return starting.cause().map(cause -> cause.grant().equals(grant)).orElse(false);
    }
    if (phase instanceof Phase.Ready) {
      return grant.epoch().isAfter(run.seen()) && goal.servedBy(run.launched());
    }
    return phase instanceof Phase.Acting && run.seen().equals(grant.epoch());
  }

  /**
   * Whether nothing acts under a grant of this instance any more, so that it may be given up: the
   * run is gone, or was never told of it and will not be, or {@code deactivate} returned, or the
   * last deadline it was ever given is over by more than the margin (decision 9, rule 6).
   */
  public boolean nothingActsUnder(Grant.Held grant, long marginNanos, long now) {
    if (canCarryOut(grant)) {
      return false;
    }
    Optional<Run> alive = phase.alive().filter(run -> run.id().equals(grant.run()));
    if (alive.isEmpty() || grant.epoch().isAfter(alive.get().seen())) {
      return true;
    }
    if (phase instanceof Phase.Ready || !grant.epoch().isAfter(alive.get().over())) {
      return true;
    }
    return alive.get().deadline().map(end -> now - end > marginNanos).orElse(false);
  }

  /** What is told to the leader and to people. */
  public InstanceReport report(long now) {
    Optional<Run> run = phase.alive();
    boolean candidate =
        goal.exclusive()
            && goal.running()
            && (phase instanceof Phase.Ready ready
                ? goal.servedBy(ready.run().launched()) && unready().isEmpty()
                : phase instanceof Phase.Down down && down.word() == StateWord.STANDBY);
    return new InstanceReport(
        id,
        word(),
        run.map(Run::id).or(() -> candidate ? Optional.of(next) : Optional.empty()),
        run.flatMap(Run::pid),
        phase instanceof Phase.Acting acting && acting.confirmed()
            ? Optional.of(acting.run().seen())
            : Optional.empty(),
        candidate,
        actsUngranted(),
        reason(),
        history.restarts(),
        Math.max(0, (now - since) / 1_000_000),
        phase instanceof Phase.Down down
            ? down.until().map(until -> Math.max(0, (until - now) / 1_000_000))
            : Optional.empty(),
        history.exits(),
        unready());
  }

  /** What its probes say against the run that is there; nothing while it is being ended. */
  private Optional<String> unready() {
    return phase instanceof Phase.Ready
            || phase instanceof Phase.Acting
            || phase instanceof Phase.Starting
        ? phase.alive().flatMap(run -> run.health().unready(goal.spec().probes()))
        : Optional.empty();
  }

  /** Whether it acts without a grant, or will: as the replica that it is, or that it was. */
  private boolean actsUngranted() {
    boolean wanted = goal.running() && !goal.exclusive();
    return wanted || phase.alive().map(run -> !run.launched().exclusive()).orElse(false);
  }

  private StateWord word() {
    if (phase instanceof Phase.Down down) {
      return down.word();
    }
    if (phase instanceof Phase.Found) {
      return StateWord.UNKNOWN;
    }
    if (phase instanceof Phase.Starting) {
      return StateWord.STARTING;
    }
    if (phase instanceof Phase.Ready) {
      StateWord word = goal.exclusive() ? StateWord.STANDBY : StateWord.READY;
      return unready().isPresent() ? StateWord.STARTING : word;
    }
    if (phase instanceof Phase.Acting) {
      return StateWord.ACTIVE;
    }
    return phase instanceof Phase.Leaving ? StateWord.DRAINING : StateWord.STOPPING;
  }

  private Optional<String> reason() {
    if (phase instanceof Phase.Down down) {
      return down.reason();
    }
    if (phase instanceof Phase.Leaving leaving) {
      return Optional.of(leaving.why());
    }
    return phase instanceof Phase.Stopping stopping ? Optional.of(stopping.why()) : unready();
  }
}
