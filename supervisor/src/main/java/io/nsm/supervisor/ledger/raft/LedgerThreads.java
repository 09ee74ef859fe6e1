package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.model.HostName;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The ledger's two threads; what waits for them is bounded by the commands under way. */
final class LedgerThreads implements AutoCloseable {
  private final ScheduledThreadPoolExecutor own;
  private final ThreadPoolExecutor answers;

  LedgerThreads(HostName self) {
    own = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "nsm-ledger-" + self));
    own.setRemoveOnCancelPolicy(true);
    // After close there is nobody to tell.
    own.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    answers =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "nsm-ledger-answers-" + self),
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Timers, announcements, hints: nothing that blocks. */
  ScheduledExecutorService own() {
    return own;
  }

  /** Runs what callers do with outcomes. */
  Executor answers() {
    return answers;
  }

  @Override
  public void close() {
    own.shutdown();
    answers.shutdown();
  }
}
