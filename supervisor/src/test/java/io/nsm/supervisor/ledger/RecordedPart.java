package io.nsm.supervisor.ledger;

import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.Optional;

/** A listener for tests: what a member's part in the ledger is now. */
public final class RecordedPart implements LedgerListener {
  private long term = -1;
  private boolean leads;
  private Optional<HostName> leader = Optional.empty();
  private Optional<String> failure = Optional.empty();

  @Override
  public synchronized void leading(long now) {
    leads = true;
    term = now;
    notifyAll();
  }

  @Override
  public synchronized void following(Optional<HostName> now) {
    leads = false;
    leader = now;
    notifyAll();
  }

  @Override
  public synchronized void failed(String reason) {
    leads = false;
    failure = Optional.of(reason);
    notifyAll();
  }

  public synchronized boolean leads() {
    return leads;
  }

  public synchronized long term() {
    return term;
  }

  public synchronized Optional<HostName> leader() {
    return leader;
  }

  public synchronized Optional<String> failure() {
    return failure;
  }

  public synchronized boolean awaitLeads(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!leads && deadline - System.nanoTime() > 1_000_000) {
      wait((deadline - System.nanoTime()) / 1_000_000);
    }
    return leads;
  }

  public synchronized Optional<String> awaitFailure(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (failure.isEmpty() && deadline - System.nanoTime() > 1_000_000) {
      wait((deadline - System.nanoTime()) / 1_000_000);
    }
    return failure;
  }
}
