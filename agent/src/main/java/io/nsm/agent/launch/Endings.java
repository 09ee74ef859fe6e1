package io.nsm.agent.launch;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings runs to their end, and confirms it: kills what is left of a run's group and session until
 * nothing is. Looks again after 1, 2, 4 … ms, then every 100 ms, after some seconds every second: a
 * process that waits for a broken disk cannot be killed before the disk answers.
 */
final class Endings {
  private static final Logger log = LoggerFactory.getLogger(Endings.class);
  private static final long LONGEST_PAUSE_MILLIS = 100;

  /**
   * The parent gets this many rounds (some 0.7 s) to write the exit code, then it is killed too.
   */
  private static final int ROUNDS_FOR_PARENT = 12;

  /** After this many (some 5 s) something is wrong, and is told. */
  private static final int ROUNDS_UNTIL_TOLD = 55;

  private static final long PAUSE_WHEN_TOLD_MILLIS = 1000;

  private final ScheduledExecutorService threads;
  private final Consumer<LiveRun> confirmed;

  /**
   * @param confirmed called once per run, when nothing is left of it
   */
  Endings(ScheduledExecutorService threads, Consumer<LiveRun> confirmed) {
    this.threads = threads;
    this.confirmed = confirmed;
  }

  /** Ends a run; its program may have ended already. May be called again and again. */
  void end(LiveRun run) {
    threads.execute(() -> round(run, 0));
  }

  private void round(LiveRun run, int round) {
    if (run.ended().get()) {
      return;
    }
    try {
      List<Pid> left = run.members();
      if (left.isEmpty()) {
        if (run.ended().compareAndSet(false, true)) {
          confirmed.accept(run);
        }
        return;
      }
      kill(run, left, round);
    } catch (UncheckedIOException unknown) {
      // What cannot be looked at may still run.
      if (round == ROUNDS_UNTIL_TOLD) {
        log.warn(
            "{} run {}: {}; the run counts as living until that can be seen",
            run.order().instance(),
            run.order().run(),
            unknown.toString());
      }
    }
    var unused = threads.schedule(() -> round(run, round + 1), pause(round), TimeUnit.MILLISECONDS);
  }

  private static void kill(LiveRun run, List<Pid> left, int round) {
    boolean parentToo = round >= ROUNDS_FOR_PARENT;
    left.stream()
        .filter(pid -> parentToo || !pid.equals(run.pids().parent()))
        .forEach(pid -> pid.signal(true));
    if (parentToo) {
      run.groups().kill();
    }
    if (round == ROUNDS_UNTIL_TOLD) {
      log.warn(
          "{} run {}: pids {} do not end by SIGKILL; perhaps they wait for a disk (state D in ps)."
              + " The run counts as living until they are gone",
          run.order().instance(),
          run.order().run(),
          left.stream().map(Pid::number).toList());
    }
  }

  private static long pause(int round) {
    return round >= ROUNDS_UNTIL_TOLD
        ? PAUSE_WHEN_TOLD_MILLIS
        : Math.min(1L << Math.min(round, 16), LONGEST_PAUSE_MILLIS);
  }
}
