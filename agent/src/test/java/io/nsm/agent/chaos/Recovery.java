package io.nsm.agent.chaos;

import io.nsm.supervisor.api.ClusterStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Demands that all is as declared again, in a bounded time. */
final class Recovery {
  private static final long PAUSE_MILLIS = 100;

  /** So long it must last: an agent may answer well for a moment before it ends. */
  private static final Duration STAYS_WELL = Duration.ofSeconds(1);

  private final World world;
  private final Recordings recordings;

  Recovery(World world) {
    this.world = world;
    this.recordings = new Recordings(world.options().directory());
  }

  /** The lease's bound and the half second that is promised beyond, and the allowance. */
  Duration bound() {
    return world.lease().bound(0.001).plusMillis(500).plus(world.options().allowance());
  }

  /**
   * Waits until every host says that all is well, and a checkpoint and a compare-and-set begun
   * after now are acknowledged, and it stays so; whether that came within the bound.
   */
  boolean demand() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    long nextStart = begun + TimeUnit.SECONDS.toNanos(1);
    List<String> wrong = List.of();
    Optional<Long> well = Optional.empty();
    while (System.nanoTime() - begun < bound().toNanos()) {
      if (System.nanoTime() - nextStart > 0) {
        startEnded(world);
        nextStart = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      }
      wrong = wrong(begun);
      if (!wrong.isEmpty()) {
        well = Optional.empty();
      } else if (well.isEmpty()) {
        well = Optional.of(System.nanoTime());
      } else if (System.nanoTime() - well.get() > STAYS_WELL.toNanos()) {
        world.journal().recovered(well.get() - begun, bound().toNanos(), "");
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    world.journal().unrecovered(bound().toNanos(), String.join("; ", wrong));
    return false;
  }

  /** Agents that ended by themselves are started again, as an init system does. */
  static void startEnded(World world) {
    for (Machine machine : world.machines()) {
      machine
          .startIfEnded()
          .ifPresent(
              code ->
                  world
                      .journal()
                      .note(
                          "the agent of %s had ended with %d: started again"
                              .formatted(machine.name(), code)));
    }
  }

  private List<String> wrong(long since) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Machine machine : world.machines()) {
      Optional<ClusterStatus> status = machine.status();
      if (status.isEmpty()) {
        wrong.add(machine.name() + " does not answer");
      } else if (!status.get().health().well()) {
        wrong.add(machine.name() + " says " + status.get().health().problems());
      } else {
        world.know(status.get());
      }
    }
    if (!recordings.savedAfter(since)) {
      wrong.add("no checkpoint was acknowledged");
    }
    if (!recordings.comparedAndSetAfter(since)) {
      wrong.add("no compare-and-set was acknowledged");
    }
    return wrong;
  }
}
