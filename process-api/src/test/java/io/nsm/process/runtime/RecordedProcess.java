package io.nsm.process.runtime;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.Term;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that records its callbacks. */
class RecordedProcess implements ManagedProcess {
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  final CompletableFuture<ProcessContext> context = new CompletableFuture<>();
  private volatile CompletableFuture<Term> term = new CompletableFuture<>();

  @Override
  public void start(ProcessContext context) throws Exception {
    calls.add("start");
    this.context.complete(context);
  }

  @Override
  public void activate(Term term) throws Exception {
    calls.add("activate " + term.epoch());
    this.term.complete(term);
  }

  @Override
  public void deactivate() throws Exception {
    term = new CompletableFuture<>();
    calls.add("deactivate");
  }

  @Override
  public void stop() throws Exception {
    calls.add("stop");
  }

  Term term() throws Exception {
    return term.get(10, TimeUnit.SECONDS);
  }

  String nextCall() throws InterruptedException {
    String call = calls.poll(10, TimeUnit.SECONDS);
    return call == null ? "none within 10 s" : call;
  }
}
