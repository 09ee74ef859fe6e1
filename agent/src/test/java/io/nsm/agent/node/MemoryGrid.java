package io.nsm.agent.node;

import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The grid as one host sees it, with voters that can be made silent. */
final class MemoryGrid implements Grid {
  private final Map<CheckpointRef, byte[]> bytes = new ConcurrentHashMap<>();
  private final Set<String> silent = new HashSet<>();
  private Epoch fence = Epoch.NONE;
  private int unknown;

  /** The next so many changes take place and are answered Unknown. */
  void loseAnswers(int count) {
    unknown = count;
  }

  /** A voter that does not answer. */
  synchronized void silence(String voter) {
    silent.add(voter);
  }

  /** The voter answers again, and has these bytes. */
  synchronized void hear(String voter, CheckpointRef ref, byte[] has) {
    bytes.put(ref, has);
    silent.remove(voter);
  }

  Epoch fence() {
    return fence;
  }

  @Override
  public CompletionStage<Stored> store(CheckpointRef ref, byte[] stored) {
    bytes.put(ref, stored.clone());
    return changed();
  }

  @Override
  public synchronized CompletionStage<Found> find(CheckpointRef ref) {
    return CompletableFuture.completedFuture(found(ref));
  }

  Found found(CheckpointRef ref) {
    byte[] found = bytes.get(ref);
    if (found != null) {
      return new Bytes(found);
    }
    return silent.isEmpty() ? new Nowhere() : new Unreachable(List.copyOf(silent));
  }

  @Override
  public CompletionStage<Void> removeOlder(
      CheckpointRef current, Optional<CheckpointRef> previous) {
    CheckpointRef oldest = previous.orElse(current);
    bytes.keySet().removeIf(oldest::isAfter);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Stored> raiseFence(ProcessName process, Epoch epoch) {
    fence = epoch;
    return changed();
  }

  private CompletionStage<Stored> changed() {
    return CompletableFuture.completedFuture(unknown-- > 0 ? Stored.UNKNOWN : Stored.DONE);
  }

  @Override
  public CompletionStage<MapResult> perform(MapOperation operation) {
    throw new IllegalStateException("no map is asked for here: " + operation);
  }

  @Override
  public String health() {
    return "available";
  }

  @Override
  public void close() {}
}
