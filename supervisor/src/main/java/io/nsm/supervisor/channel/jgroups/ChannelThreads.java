package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.model.HostName;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The channel's threads: JGroups' own are never kept waiting. */
final class ChannelThreads implements AutoCloseable {
  /** Messages that wait for a thread; more are refused. */
  static final int MAX_WAITING = 4_096;

  private static final int HANDLERS = 8;
  private static final int COMPLETERS = 2;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor handlers;
  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor timer;

  ChannelThreads(HostName self) {
    handlers =
        new ThreadPoolExecutor(
            HANDLERS,
            HANDLERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            named(self, "channel"));
    handlers.allowCoreThreadTimeOut(true);
    // Not bounded by itself: it holds one task for each question under way, and one for views.
    pool =
        new ThreadPoolExecutor(
            COMPLETERS,
            COMPLETERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(self, "answers"),
            // Only after close.
            new ThreadPoolExecutor.CallerRunsPolicy());
    pool.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, named(self, "channel-timer"));
    timer.setRemoveOnCancelPolicy(true);
  }

  private static ThreadFactory named(HostName self, String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "nsm-" + name + "-" + self + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs handlers; bounded. */
  Executor handlers() {
    return handlers;
  }

  /** Runs what depends on answers, and view listeners. */
  Executor pool() {
    return pool;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    handlers.shutdownNow();
    pool.shutdown();
  }
}
