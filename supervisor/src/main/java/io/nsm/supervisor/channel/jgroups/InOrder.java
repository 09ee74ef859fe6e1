package io.nsm.supervisor.channel.jgroups;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs tasks one after the other, in the order they came, on the threads of a pool. */
final class InOrder implements Executor {
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Executor pool;
  private boolean running;

  InOrder(Executor pool) {
    this.pool = pool;
  }

  @Override
  public synchronized void execute(Runnable task) {
    waiting.add(task);
    if (!running) {
      running = true;
      pool.execute(this::drain);
    }
  }

  private void drain() {
    while (true) {
      Runnable next;
      synchronized (this) {
        if (waiting.isEmpty()) {
          running = false;
          return;
        }
        next = waiting.remove();
      }
      next.run();
    }
  }
}
