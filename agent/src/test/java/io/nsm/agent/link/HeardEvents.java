package io.nsm.agent.link;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.RunId;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a listener heard, in order, as text; heartbeats are not kept. */
final class HeardEvents implements Links.LinkListener {
  /** A save that a process asked for. */
  record AskedSave(RunId run, long correlation, Epoch epoch, long sequence) {}

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final BlockingQueue<AskedSave> saves = new LinkedBlockingQueue<>();
  final BlockingQueue<MapOperation> operations = new LinkedBlockingQueue<>();
  volatile long lastCorrelation;

  /** The next event; anything else than what is expected fails. */
  void expectNext(String expected) throws InterruptedException {
    String event = events.poll(30, TimeUnit.SECONDS);
    if (!expected.equals(event)) {
      throw new AssertionError("expected '" + expected + "' but heard '" + event + "'");
    }
  }

  /** Waits for an event, past others. */
  void await(String expected) throws InterruptedException {
    await(expected::equals, expected);
  }

  boolean hasMore() {
    return !events.isEmpty();
  }

  private void await(Predicate<String> wanted, String name) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      String event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("no '" + name + "' within 30 s");
      }
      if (wanted.test(event)) {
        return;
      }
    }
  }

  @Override
  public void connected(RunId run, long pid, Optional<Epoch> acting) {
    events.add("connected" + acting.map(epoch -> " in " + epoch).orElse(""));
  }

  @Override
  public void ready(RunId run) {
    events.add("ready");
  }

  @Override
  public void activated(RunId run, Epoch epoch) {
    events.add("activated " + epoch);
  }

  @Override
  public void deactivated(RunId run, Epoch epoch) {
    events.add("deactivated " + epoch);
  }

  @Override
  public void save(RunId run, long correlation, Epoch epoch, long sequence, byte[] bytes) {
    saves.add(new AskedSave(run, correlation, epoch, sequence));
  }

  @Override
  public void map(RunId run, long correlation, MapOperation operation) {
    lastCorrelation = correlation;
    operations.add(operation);
  }

  @Override
  public void completed(RunId run) {
    events.add("completed");
  }

  @Override
  public void failed(RunId run, String reason) {
    events.add("failed " + reason);
  }

  @Override
  public void heartbeat(RunId run) {}

  @Override
  public void disconnected(RunId run) {
    events.add("disconnected");
  }
}
