package io.nsm.agent.sim;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Lifecycle;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a run does when it acts: effects, each after a check of its lease and a pause of less than
 * the margin; saves; writes to a shared map.
 */
final class Work {
  private final Cluster cluster;
  private final Host host;
  private final Run run;
  private final Link link;
  private int inFlight;
  private long sequence;
  private long nextSaveAt;
  private Optional<Command.Save> saving = Optional.empty();
  private long workLeft;
  private boolean completed;

  Work(Cluster cluster, Host host, Run run, Link link) {
    this.cluster = cluster;
    this.host = host;
    this.run = run;
    this.link = link;
    this.workLeft = cluster.world.between(300, 3000) * World.MILLIS;
  }

  void begin(Optional<CheckpointRef> checkpoint) {
    sequence = checkpoint.map(CheckpointRef::sequence).orElse(0L);
  }

  void end() {
    saving = Optional.empty();
  }

  /** Whether an effect that was checked has not happened yet. */
  boolean underWay() {
    return inFlight > 0;
  }

  boolean completed() {
    return completed;
  }

  /** Works every now and then as long as the run lives. */
  void begin() {
    cluster.world.after(
        cluster.world.between(10, 50) * World.MILLIS,
        () -> {
          if (run.lives()) {
            if (!run.isStopped()) {
              once();
            }
            begin();
          }
        });
  }

  private void once() {
    if (run.isStuck()) {
      return;
    }
    long epoch = run.role.entered();
    if (run.role.lapsesNow()) {
      lapsed(epoch);
      return;
    }
    boolean over = run.isLinked() && epoch != 0 && !run.role.holds();
    if (run.isHung() || epoch == 0 || run.role.leaving() || over) {
      return;
    }
    act(epoch);
    if (run.isLinked() && saving.isEmpty() && cluster.world.now() >= nextSaveAt) {
      boolean quiet = run.spec.env().containsKey(Declared.QUIET);
      if (cluster.world.chance(quiet ? cluster.quietWrites : 0.3)) {
        host.mail(life -> cluster.maps.write(life, run, epoch));
      }
      save(epoch);
    }
    workLeft -= 30 * World.MILLIS;
    if (run.spec.mode() == Mode.ONE_SHOT && workLeft <= 0 && !completed) {
      complete();
    }
  }

  private void act(long epoch) {
    long most = (long) (cluster.terms.margin().toNanos() / host.clockRate() * 0.99);
    long pause = cluster.world.chance(1 - cluster.pauses) ? 0 : cluster.world.between(0, most);
    inFlight++;
    cluster.world.after(pause, () -> effect(epoch));
  }

  /** One that a host's standing still has delayed comes later than the margin, as is known. */
  private void effect(long epoch) {
    if (host.isFrozen() && run.lives()) {
      cluster.world.after(World.MILLIS, this::delayedEffect);
      return;
    }
    inFlight--;
    if (run.lives() && !run.isStuck()) {
      cluster.acts.effect(run, epoch);
    }
  }

  private void delayedEffect() {
    if (host.isFrozen() && run.lives()) {
      cluster.world.after(10 * World.MILLIS, this::delayedEffect);
    } else {
      inFlight--;
    }
  }

  /** Checks at the last instant of its lease, and has the effect at the last one of the margin. */
  void actAtTheLastInstant() {
    long epoch = run.role.entered();
    HostTime end = run.role.deadline();
    long early = host.timeAt(end.bootMillis() * World.MILLIS).monotonicNanos();
    long deadline = Math.min(end.monotonicNanos(), early);
    long effect = deadline + cluster.terms.margin().toNanos() - 1;
    cluster.world.after(
        host.trueTimeUntil(deadline - 1),
        () -> {
          if (run.role.holds() && run.role.deadline().equals(end)) {
            inFlight++;
            cluster.world.after(host.trueTimeUntil(effect), () -> effect(epoch));
          } else {
            actAtTheLastInstant();
          }
        });
  }

  private void lapsed(long epoch) {
    cluster.world.tell(host, run.instance, run.id, "lapses in epoch", epoch);
    run.role.over(epoch);
    if (run.spec.activeStandby().onLeaseLost() == OnLeaseLost.DEMOTE) {
      run.role.giveWay(epoch);
    } else {
      run.end(new ExitStatus(Lifecycle.EXIT_LEASE_LOST, Optional.empty(), false));
    }
  }

  private void save(long epoch) {
    sequence++;
    nextSaveAt = cluster.world.now() + cluster.world.between(50, 500) * World.MILLIS;
    byte[] state = (run.id + " " + sequence).getBytes(StandardCharsets.UTF_8);
    Command.Save save =
        new Command.Save(
            run.instance.process(),
            new Epoch(epoch),
            sequence,
            Digest.of(state),
            state.length,
            cluster.world.chance(cluster.inlineSaves) ? Optional.of(state) : Optional.empty(),
            0);
    saving = Optional.of(save);
    cluster.truth.made(save);
    link.ask(save);
  }

  /** After a reconnect, what is not answered is asked again. */
  void askAgain() {
    saving.ifPresent(link::ask);
  }

  /** What the agent says of a save. */
  void saved(AgentLife life, Command.Save save, SaveResult result) {
    link.order(
        life,
        () -> {
          if (!saving.equals(Optional.of(save))) {
            return;
          }
          saving = Optional.empty();
          if (result == SaveResult.SAVED) {
            cluster.truth.acknowledged(save);
          } else if (result == SaveResult.TERM_ENDED) {
            cluster.truth.refused(save);
            run.role.over(save.epoch().number());
            run.role.giveWay(save.epoch().number());
          }
        });
  }

  private void complete() {
    completed = true;
    if (!run.isLinked()) {
      run.end(Run.OK);
      return;
    }
    run.role.callback(
        () ->
            run.role.leaveEntered(
                () -> {
                  link.say(new Event.Completed(run.id));
                  cluster.world.after(
                      cluster.world.between(1, 20) * World.MILLIS,
                      () -> run.whenAwake(() -> run.end(Run.OK)));
                }));
  }
}
