package io.nsm.agent.cluster;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.Term;
import io.nsm.process.runtime.NsmRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes to the file that is its argument that it began, and that it ended once it may. */
public final class OneShot implements ManagedProcess {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private Optional<ProcessContext> context = Optional.empty();
  private Thread worker = new Thread();

  public static void main(String[] args) {
    NsmRuntime.run(new OneShot(), args);
  }

  /** The file that lets it end. */
  static Path permission(Path file) {
    return file.resolveSibling(file.getFileName() + ".may-end");
  }

  @Override
  public void start(ProcessContext given) {
    context = Optional.of(given);
  }

  @Override
  public void activate(Term term) {
    worker = new Thread(() -> work(context.orElseThrow(), term), "one-shot");
    worker.start();
  }

  private static void work(ProcessContext context, Term term) {
    Path file = Path.of(context.args().get(0));
    Recorder.append(file, "began\n");
    while (!Files.exists(permission(file))) {
      if (!term.isActive()) {
        return;
      }
      LockSupport.parkNanos(PAUSE);
    }
    Recorder.append(file, "ended\n");
    context.complete();
  }

  @Override
  public void deactivate() throws InterruptedException {
    worker.join();
  }
}
