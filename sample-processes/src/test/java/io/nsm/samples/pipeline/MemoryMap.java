package io.nsm.samples.pipeline;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A shared map in memory. */
final class MemoryMap implements SharedMap {

  private final String name;
  private final MemoryCluster cluster;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private long version;

  MemoryMap(String name, MemoryCluster cluster) {
    this.name = name;
    this.cluster = cluster;
  }

  void lose() {
    entries.clear();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Entry> get(String key) throws MapUnavailableException {
    return unfenced(() -> Optional.ofNullable(entries.get(key)));
  }

  @Override
  public List<Entry> list(String keyPrefix) throws MapUnavailableException {
    return unfenced(
        () -> entries.values().stream().filter(e -> e.key().startsWith(keyPrefix)).toList());
  }

  @Override
  public long put(String key, byte[] value) throws MapUnavailableException {
    return unfenced(() -> set(key, value));
  }

  @Override
  public long put(String key, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return fenced(fence, () -> set(key, value));
  }

  @Override
  public Optional<Entry> putIfAbsent(String key, byte[] value) throws MapUnavailableException {
    return unfenced(() -> setIfAbsent(key, value));
  }

  @Override
  public Optional<Entry> putIfAbsent(String key, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return fenced(fence, () -> setIfAbsent(key, value));
  }

  @Override
  public boolean replace(String key, long expected, byte[] value) throws MapUnavailableException {
    return unfenced(() -> setIfUnchanged(key, expected, value));
  }

  @Override
  public boolean replace(String key, long expected, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return fenced(fence, () -> setIfUnchanged(key, expected, value));
  }

  @Override
  public boolean remove(String key) throws MapUnavailableException {
    return unfenced(() -> entries.remove(key) != null);
  }

  @Override
  public boolean remove(String key, Term fence) throws MapUnavailableException, TermEndedException {
    return fenced(fence, () -> entries.remove(key) != null);
  }

  private long set(String key, byte[] value) {
    Taken.check(name, key, Optional.ofNullable(entries.get(key)), value);
    entries.put(key, new Entry(key, Arrays.copyOf(value, value.length), ++version));
    return version;
  }

  private Optional<Entry> setIfAbsent(String key, byte[] value) {
    Optional<Entry> there = Optional.ofNullable(entries.get(key));
    if (there.isEmpty()) {
      set(key, value);
    }
    return there;
  }

  private boolean setIfUnchanged(String key, long expected, byte[] value) {
    Entry there = entries.get(key);
    if (there == null || there.version() != expected) {
      return false;
    }
    set(key, value);
    return true;
  }

  private <R> R fenced(Term fence, MemoryCluster.Effect<R> effect)
      throws MapUnavailableException, TermEndedException {
    return cluster.onMap(
        () -> {
          cluster.fence(fence);
          return effect.happen();
        });
  }

  private <R> R unfenced(MemoryCluster.Effect<R> effect) throws MapUnavailableException {
    try {
      return cluster.onMap(effect);
    } catch (TermEndedException e) {
      throw new IllegalStateException("nothing here is fenced", e);
    }
  }
}
