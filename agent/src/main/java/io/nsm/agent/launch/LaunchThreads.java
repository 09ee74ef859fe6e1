package io.nsm.agent.launch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Daemon threads on which no exception is lost: it goes where those of other threads go. */
final class LaunchThreads extends ScheduledThreadPoolExecutor {

  LaunchThreads(String name, int count) {
    super(
        count,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
    setRemoveOnCancelPolicy(true);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
    super.afterExecute(task, thrown);
    if (task instanceof Future<?> future && future.isDone()) {
      try {
        future.get();
      } catch (ExecutionException bug) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
      } catch (CancellationException closing) {
        // we cancelled it ourselves
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
