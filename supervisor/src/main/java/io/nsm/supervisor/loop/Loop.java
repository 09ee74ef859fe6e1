package io.nsm.supervisor.loop;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs everything that touches an agent's state, one after the other, on one thread that never
 * waits for anything but its mailbox. A full mailbox or a failing task is a bug: the agent is told
 * to end, loudly.
 */
public final class Loop implements AutoCloseable {

  /** How many tasks may wait. At the rates of one host this is minutes of work. */
  public static final int MAILBOX = 100_000;

  private final BlockingQueue<Runnable> mailbox = new ArrayBlockingQueue<>(MAILBOX);
  private final Runnable tick;
  private final long period;
  private final Consumer<Throwable> fatal;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Prepares a loop; {@link #start} begins.
   *
   * @param tick runs at least this often, whatever else there is to do
   * @param fatal is told of a bug; it is not expected to return
   */
  public Loop(Runnable tick, Duration period, Consumer<Throwable> fatal) {
    this.tick = tick;
    this.period = period.toNanos();
    this.fatal = fatal;
    this.thread = new Thread(this::run, "nsm-loop");
    this.thread.setPriority(Thread.MAX_PRIORITY);
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Has a task run on the loop. */
  public void post(Runnable task) {
    if (closed) {
      return;
    }
    if (!mailbox.offer(task)) {
      fatal.accept(
          new IllegalStateException("the loop's mailbox is full: " + MAILBOX + " tasks wait"));
    }
  }

  /** Asks the loop for a value. */
  public <T> CompletionStage<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    post(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException bug) {
            answer.completeExceptionally(bug);
          }
        });
    return answer;
  }

  private void run() {
    long next = System.nanoTime();
    try {
      while (!closed) {
        long left = next - System.nanoTime();
        if (left <= 0) {
          tick.run();
          next = System.nanoTime() + period;
          continue;
        }
        Runnable task = mailbox.poll(left, TimeUnit.NANOSECONDS);
        if (task != null) {
          task.run();
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      fatal.accept(bug);
    }
  }

  /** Runs no further task. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
