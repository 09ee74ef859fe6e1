package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * The shared maps as one voter keeps them. Confined to the grid's loop. It accepts changes of the
 * one generation it is a member of, and promises to accept none of an older one.
 */
final class Replica {
  /** How many groups of keys are compared by one number each. */
  static final int BUCKETS = 256;

  private static final String STANDING = "standing";

  private final Disk disk;
  private final Executor loop;
  private final NavigableMap<String, Long> versions = new TreeMap<>();
  private final List<Set<String>> keysOf = new ArrayList<>();
  private final long[] sums = new long[BUCKETS];
  private final Map<String, CompletableFuture<Void>> underWay = new HashMap<>();
  private volatile Standing standing = Standing.NEW;
  private volatile Optional<String> broken = Optional.empty();

  /**
   * Reads the whole disk; throws if a record there is damaged.
   *
   * @param fresh whether this voter never took part before
   */
  Replica(Disk disk, boolean fresh, Executor loop) {
    this.disk = disk;
    this.loop = loop;
    for (int i = 0; i < BUCKETS; i++) {
      keysOf.add(new HashSet<>());
    }
    Set<String> keys = disk.keys();
    if (fresh && keys.isEmpty()) {
      keep(Standing.FRESH);
    }
    for (String key : keys) {
      byte[] record = disk.read(key).orElseThrow();
      if (key.equals(STANDING)) {
        standing = Frame.read(unsealed(key, record), Frame::readStanding);
      } else {
        note(key, Optional.of(Frame.read(unsealed(key, record), in -> in.readLong())));
      }
    }
  }

  /** May be asked on any thread, like {@link #broken}. */
  Standing standing() {
    return standing;
  }

  /** Why this voter can take no further part, if its disk failed. */
  Optional<String> broken() {
    return broken;
  }

  /** The value and version of a key as this voter has it. */
  Optional<Change> read(String key) {
    return versions.containsKey(key)
        ? disk.read(key).map(record -> change(key, record))
        : Optional.empty();
  }

  /** The keys that start with a prefix, in order. */
  Collection<String> keys(String prefix) {
    return List.copyOf(versions.subMap(prefix, true, prefix + Character.MAX_VALUE, true).keySet());
  }

  /**
   * Promises to accept nothing of an older generation; answers how it stood before, once all
   * accepted changes are on disk. Refuses, with no answer, what is not newer than its last promise.
   */
  Optional<CompletionStage<Standing>> promise(long generation) {
    if (generation <= standing.promised() || broken.isPresent()) {
      return Optional.empty();
    }
    Standing before = standing;
    CompletionStage<Void> stored = keep(standing.promise(generation));
    CompletableFuture<Void> settled =
        CompletableFuture.allOf(underWay.values().toArray(CompletableFuture<?>[]::new));
    return Optional.of(stored.thenCombine(settled, (a, b) -> before));
  }

  /** One number for each bucket of keys; equal numbers mean equal keys and versions. */
  long[] sums() {
    return sums.clone();
  }

  /** The versions of all keys in one bucket. */
  Map<String, Long> versions(int bucket) {
    Map<String, Long> found = new HashMap<>();
    keysOf.get(bucket).forEach(key -> found.put(key, versions.get(key)));
    return found;
  }

  /**
   * Takes over state from another voter, before it becomes a member of that generation.
   *
   * @param asOf with the last changes, the generation whose whole state this voter then has
   */
  Optional<CompletionStage<Void>> install(
      long generation, List<Change> changes, Optional<Long> asOf) {
    if (generation < standing.promised() || standing.active() >= generation || broken.isPresent()) {
      return Optional.empty();
    }
    CompletionStage<Void> applied = apply(changes);
    return Optional.of(
        asOf.isEmpty()
            ? applied
            : applied.thenComposeAsync(
                done ->
                    standing.active() < generation
                        ? keep(standing.install(asOf.get()))
                        : CompletableFuture.completedFuture(done),
                loop));
  }

  /** Becomes a member of a generation it has promised. */
  Optional<CompletionStage<Void>> activate(long generation, Set<HostName> members) {
    if (standing.promised() != generation || broken.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(keep(standing.activate(generation, members)));
  }

  /** Accepts changes within the generation it is a member of. */
  Optional<CompletionStage<Void>> write(long generation, List<Change> changes) {
    if (!standing.in(generation) || broken.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(apply(changes));
  }

  private CompletionStage<Void> apply(List<Change> changes) {
    List<CompletableFuture<Void>> stages = new ArrayList<>();
    for (Change change : changes) {
      String key = change.key();
      note(key, change.value().map(value -> change.version()));
      stages.add(
          inTurn(
              key,
              change
                  .value()
                  .<Supplier<CompletionStage<Void>>>map(
                      value -> () -> disk.write(key, record(change.version(), value)))
                  .orElse(() -> disk.remove(key))));
    }
    return CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<Void> keep(Standing next) {
    standing = next;
    byte[] record = sealed(Frame.of(out -> Frame.writeStanding(out, next)));
    return inTurn(STANDING, () -> disk.write(STANDING, record));
  }

  /**
   * Performs one disk operation after the one before of the same key. After a failed one nobody
   * knows what is on disk, so this voter stops taking part.
   */
  private CompletableFuture<Void> inTurn(String key, Supplier<CompletionStage<Void>> operation) {
    CompletableFuture<Void> before = underWay.get(key);
    CompletionStage<Void> stage =
        before == null ? operation.get() : before.thenCompose(done -> operation.get());
    CompletableFuture<Void> tracked = new CompletableFuture<>();
    underWay.put(key, tracked);
    stage.whenCompleteAsync(
        (done, failure) -> {
          underWay.remove(key, tracked);
          if (failure != null) {
            broken = Optional.of("its disk failed: " + failure);
          }
          if (broken.isPresent()) {
            tracked.completeExceptionally(new IllegalStateException(broken.get()));
          } else {
            tracked.complete(null);
          }
        },
        loop);
    return tracked;
  }

  private void note(String key, Optional<Long> version) {
    int bucket = bucket(key);
    Long old = version.isPresent() ? versions.put(key, version.get()) : versions.remove(key);
    if (old != null) {
      sums[bucket] ^= mark(key, old);
    }
    if (version.isPresent()) {
      sums[bucket] ^= mark(key, version.get());
      keysOf.get(bucket).add(key);
    } else {
      keysOf.get(bucket).remove(key);
    }
  }

  private static int bucket(String key) {
    return (int) (mark(key, 0) >>> 56);
  }

  /** 64 well mixed bits of a key and a version; two that differ are alike once in 2^64. */
  private static long mark(String key, long version) {
    long hash = 0xcbf29ce484222325L ^ version * 0x9e3779b97f4a7c15L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
      hash ^= hash >>> 29;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }

  private static byte[] record(long version, byte[] value) {
    return sealed(
        Frame.of(
            out -> {
              out.writeLong(version);
              out.write(value);
            }));
  }

  private static Change change(String key, byte[] record) {
    return Frame.read(
        unsealed(key, record),
        in -> new Change(key, in.readLong(), Optional.of(in.readAllBytes())));
  }

  /** The store has no checksums of its own. */
  private static byte[] sealed(byte[] body) {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return Frame.of(
        out -> {
          out.writeInt((int) sum.getValue());
          out.write(body);
        });
  }

  private static byte[] unsealed(String key, byte[] record) {
    return Frame.read(
        record,
        in -> {
          int expected = in.readInt();
          byte[] body = in.readAllBytes();
          CRC32C sum = new CRC32C();
          sum.update(body);
          if ((int) sum.getValue() != expected) {
            throw new IllegalStateException(
                "the record of '"
                    + key
                    + "' in this host's grid store is damaged; with a majority of other voters"
                    + " running, remove the store's directory and start again");
          }
          return body;
        });
  }
}
