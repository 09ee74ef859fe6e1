package io.nsm.samples.term;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.ProcessContext;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes the steps of a term's work on a thread of its own, from {@code activate} to {@code
 * deactivate}. What cannot be reached is tried again, with growing pauses, for as long as the term
 * lasts; every pause ends at once when the term does.
 */
public final class TermLoop {

  /** How long {@link #end} waits for the step in progress. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final ProcessContext context;
  private final Term term;
  private final Steps steps;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread;

  private TermLoop(ProcessContext context, Term term, Steps steps) {
    this.context = context;
    this.term = term;
    this.steps = steps;
    this.thread = new Thread(this::run, context.process() + "-term-" + term.epoch());
  }

  /** Begins the work. */
  public static TermLoop start(ProcessContext context, Term term, Steps steps) {
    TermLoop loop = new TermLoop(context, term, steps);
    loop.thread.setDaemon(true);
    loop.thread.start();
    return loop;
  }

  /**
   * Ends the work: when this returns, no step is in progress and none will be taken.
   *
   * @throws IllegalStateException if the step in progress did not end in time; the JVM must end, as
   *     that step may still act
   */
  public void end() throws InterruptedException {
    ending.countDown();
    if (thread == Thread.currentThread()) {
      return;
    }
    thread.join(END_TIMEOUT.toMillis());
    if (thread.isAlive()) {
      throw new IllegalStateException(
          thread.getName() + ": its step did not end within " + END_TIMEOUT.toSeconds() + " s");
    }
  }

  private void run() {
    try {
      takeSteps();
    } catch (TermEndedException e) {
      log("stopped acting: " + e.getMessage());
    } catch (WorkFailedException e) {
      context.fail(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      context.fail(thread.getName() + " was interrupted; nothing of this program does that");
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      context.fail("a bug in " + context.process() + ": " + e);
    } finally {
      steps.close();
    }
  }

  private void takeSteps() throws TermEndedException, WorkFailedException, InterruptedException {
    Backoff backoff = Backoff.NONE;
    while (ending.getCount() > 0) {
      Duration pause;
      try {
        term.ensureActive();
        Optional<Duration> next = steps.step();
        if (next.isEmpty()) {
          return;
        }
        pause = next.get();
        if (backoff.failures() > 0) {
          log("goes on");
        }
        backoff = Backoff.NONE;
      } catch (MapUnavailableException | SaveUnknownException e) {
        if (backoff.failures() == 0) {
          log("tries again until the term ends: " + e.getMessage());
        }
        backoff = backoff.failedAgain();
        pause = backoff.pause();
      }
      if (!pause.isZero() && ending.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  private void log(String message) {
    System.out.println(thread.getName() + " " + message);
  }
}
