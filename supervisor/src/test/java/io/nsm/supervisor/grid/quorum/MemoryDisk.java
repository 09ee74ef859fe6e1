package io.nsm.supervisor.grid.quorum;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A disk in memory that outlives the grid which uses it. */
public final class MemoryDisk implements Disk {
  private final Map<String, byte[]> records = new ConcurrentHashMap<>();
  private volatile boolean failing;
  private volatile Optional<CompletableFuture<Void>> hanging = Optional.empty();

  @Override
  public Set<String> keys() {
    return Set.copyOf(records.keySet());
  }

  @Override
  public Optional<byte[]> read(String key) {
    hanging.ifPresent(CompletableFuture::join);
    return Optional.ofNullable(records.get(key));
  }

  @Override
  public CompletionStage<Void> write(String key, byte[] value) {
    if (failing) {
      return CompletableFuture.failedStage(new java.io.IOException("no space left"));
    }
    records.put(key, value);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> remove(String key) {
    records.remove(key);
    return CompletableFuture.completedStage(null);
  }

  /** Reads wait for what is returned. */
  CompletableFuture<Void> hang() {
    CompletableFuture<Void> over = new CompletableFuture<>();
    hanging = Optional.of(over);
    return over;
  }

  /** Every later write fails. */
  public void fail() {
    failing = true;
  }

  /** Spoils one byte of every record. */
  public void spoil() {
    records.replaceAll(
        (key, bytes) -> {
          byte[] copy = bytes.clone();
          copy[copy.length - 1] ^= 1;
          return copy;
        });
  }

  /** Loses everything, as a new disk would. */
  public void empty() {
    records.clear();
  }

  /** What is on it now. */
  public MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk();
    copy.records.putAll(records);
    return copy;
  }

  /** Holds what the other one holds, as if that had been put in its place. */
  public void become(MemoryDisk other) {
    records.clear();
    records.putAll(other.records);
  }

  @Override
  public void close() {}
}
