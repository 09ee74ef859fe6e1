package io.nsm.supervisor.grid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the tests of grids share: three hosts, short ways to ask, and bounded waiting. */
public final class Grids {
  public static final HostName A = new HostName("a");
  public static final HostName B = new HostName("b");
  public static final HostName C = new HostName("c");
  public static final Set<HostName> ALL = Set.of(A, B, C);
  public static final ProcessName IMPORTER = new ProcessName("importer");

  private Grids() {}

  /** Several hosts, each of which can stop and start again with its disk. */
  public interface Hosts extends AutoCloseable {
    Grid on(HostName host);

    void stop(HostName host);

    void start(HostName host);

    @Override
    void close();
  }

  /** Until every voter has its copy. */
  public static void awaitAvailable(Hosts hosts, Set<HostName> voters) {
    voters.forEach(host -> awaitHealth(hosts.on(host), "available"));
  }

  public static void awaitHealth(Grid grid, String expected) {
    await(() -> grid.health().equals(expected));
  }

  /** For at most 20 seconds. */
  public static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  public static CheckpointRef ref(long epoch, long sequence, String state) {
    return new CheckpointRef(
        IMPORTER, new Epoch(epoch), sequence, Digest.of(bytes(state)), bytes(state).length);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  public static MapOperation put(String key, String value) {
    return new MapOperation.Put("m", key, bytes(value), Optional.empty());
  }

  public static MapOperation fencedPut(long epoch, String value) {
    return new MapOperation.Put(
        "m", "k", bytes(value), Optional.of(new Fence(IMPORTER, new Epoch(epoch))));
  }

  public static MapOperation remove(String key) {
    return new MapOperation.Remove("m", key, Optional.empty());
  }

  public static MapResult perform(Grid grid, MapOperation operation) {
    return get(grid.perform(operation));
  }

  /** The version; a write that is Unknown because a host has just left is tried again. */
  public static long written(Grid grid, MapOperation operation) {
    for (int attempt = 0; attempt < 5; attempt++) {
      if (perform(grid, operation) instanceof MapResult.Written done) {
        return done.version();
      }
    }
    throw new AssertionError("not written: " + perform(grid, operation) + ", " + grid.health());
  }

  public static Optional<String> read(Grid grid, String key) {
    MapResult result = perform(grid, new MapOperation.Get("m", key));
    assertThat(result).isInstanceOf(MapResult.Entries.class);
    return ((MapResult.Entries) result)
        .entries().stream().findFirst().map(entry -> new String(entry.value(), UTF_8));
  }

  public static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
  }
}
