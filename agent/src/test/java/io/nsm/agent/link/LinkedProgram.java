package io.nsm.agent.link;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.util.Optional;

/** What the tests run in a JVM of its own: while it acts, it saves; it prints its callbacks. */
public final class LinkedProgram implements ManagedProcess {
  private Optional<Thread> worker = Optional.empty();

  @Override
  public void start(ProcessContext context) {
    if (context.args().contains("--fail")) {
      throw new IllegalStateException("told to fail");
    }
    System.out.println("start");
    if (context.args().contains("--complete")) {
      context.complete();
    }
  }

  @Override
  public void activate(Term term) {
    System.out.println("activate " + term.epoch());
    Thread thread = new Thread(() -> work(term), "worker");
    thread.setDaemon(true);
    thread.start();
    worker = Optional.of(thread);
  }

  @Override
  public void deactivate() throws InterruptedException {
    if (worker.isPresent()) {
      worker.get().join();
    }
    System.out.println("deactivate");
  }

  @Override
  public void stop() {
    System.out.println("stop");
  }

  private static void work(Term term) {
    try {
      while (term.isActive()) {
        term.save(new byte[] {1});
      }
      System.out.println("no longer active");
    } catch (TermEndedException | SaveUnknownException ended) {
      System.out.println(ended.getClass().getSimpleName());
    }
  }
}
