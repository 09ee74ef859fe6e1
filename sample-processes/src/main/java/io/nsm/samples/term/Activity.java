package io.nsm.samples.term;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.Term;
import java.util.Optional;

/** A process whose active instance takes steps on a thread of its own. */
public abstract class Activity implements ManagedProcess {

  private record Prepared(ProcessContext context, TermWork work) {}

  private Optional<Prepared> prepared = Optional.empty();
  private Optional<TermLoop> loop = Optional.empty();

  /** Checks and prepares what is needed before this instance may act. */
  protected abstract TermWork prepare(ProcessContext context) throws Exception;

  @Override
  public final void start(ProcessContext context) throws Exception {
    prepared = Optional.of(new Prepared(context, prepare(context)));
  }

  @Override
  public final void activate(Term term) throws Exception {
    Prepared ready = prepared.orElseThrow();
    loop = Optional.of(TermLoop.start(ready.context(), term, ready.work().in(term)));
  }

  @Override
  public final void deactivate() throws InterruptedException {
    if (loop.isPresent()) {
      loop.get().end();
      loop = Optional.empty();
    }
  }

  @Override
  public final void stop() throws InterruptedException {
    deactivate();
  }
}
