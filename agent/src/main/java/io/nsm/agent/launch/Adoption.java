package io.nsm.agent.launch;

import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.agent.launch.RunFiles.Pids;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier agents left in the run directory.
 *
 * @param runs all that nobody has forgotten yet
 * @param living those of them of which something still runs
 */
record Adoption(List<FoundRun> runs, List<LiveRun> living) {
  private static final Logger log = LoggerFactory.getLogger(Adoption.class);

  /** What a run "exits" with whose program was never started. */
  static final int NEVER_STARTED = 125;

  /** Together 5 s. */
  private static final int ROUNDS_FOR_UNKNOWN = 100;

  private static final long ROUND_NANOS = 50_000_000;

  static Adoption scan(RunDirectories directories, String boot) throws IOException {
    Adoption found = new Adoption(new ArrayList<>(), new ArrayList<>());
    for (RunFiles files : directories.all()) {
      if (files.forgotten()) {
        continue;
      }
      Optional<Order> order = order(files);
      if (order.isPresent()) {
        found.add(files, order.get(), boot);
      } else {
        endUnknown(files);
        directories.delete(files);
      }
    }
    return found;
  }

  private static Optional<Order> order(RunFiles files) throws IOException {
    try {
      return files.order();
    } catch (MalformedException torn) {
      log.warn("{}: order.json is damaged: {}", files.directory(), torn.getMessage());
      return Optional.empty();
    }
  }

  /** Without its order a run cannot be adopted; most often nothing was started yet. */
  private static void endUnknown(RunFiles files) throws IOException {
    String run = String.valueOf(files.directory().getFileName());
    log.info("removing {}: nobody can tell what it was to run", files.directory());
    List<Pid> left = left(files, run);
    for (int round = 0; !left.isEmpty(); round++) {
      if (round == ROUNDS_FOR_UNKNOWN) {
        throw new IOException(
            "run " + run + " cannot be adopted, and does not end by SIGKILL: pids " + left);
      }
      left.forEach(pid -> pid.signal(true));
      LockSupport.parkNanos(ROUND_NANOS);
      left = left(files, run);
    }
    files.groups().removeIfEmpty();
  }

  private static List<Pid> left(RunFiles files, String run) {
    List<Pid> left = new ArrayList<>(files.groups().members());
    left.addAll(Session.carrying(run));
    return left;
  }

  private void add(RunFiles files, Order order, String boot) throws IOException {
    if (!order.boot().equals(boot)) {
      addEnded(files, order, files.exitCode()); // the kernel that ran it is gone
      return;
    }
    Optional<Pids> pids = files.pids();
    if (pids.isEmpty()) {
      files.cancel(); // first this, then the second look: see run-parent.sh
      pids = files.pids();
    }
    if (pids.isEmpty()) {
      addEnded(files, order, OptionalInt.of(NEVER_STARTED));
      return;
    }
    LiveRun run = LiveRun.of(order, files, pids.get(), Optional.empty());
    if (run.members().isEmpty()) {
      new LastLook(files, run.groups()).take();
      addEnded(files, order, files.exitCode());
    } else {
      living.add(run);
      runs.add(
          new FoundRun(
              order.instance(), order.run(), order.spec(), order.environment(), Optional.empty()));
    }
  }

  private void addEnded(RunFiles files, Order order, OptionalInt code) {
    runs.add(
        new FoundRun(
            order.instance(),
            order.run(),
            order.spec(),
            order.environment(),
            Optional.of(files.end(code))));
  }
}
