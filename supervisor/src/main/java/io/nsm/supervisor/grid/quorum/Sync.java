package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the maps of one voter equal to those of another, sending only what differs. Blocks. */
final class Sync {
  /** For one question; a voter that takes longer is left out. */
  static final Duration STEP_TIMEOUT = Duration.ofSeconds(2);

  private final ReplicaService replicas;

  Sync(ReplicaService replicas) {
    this.replicas = replicas;
  }

  /**
   * Copies from one voter to another.
   *
   * @param generation under which the other is to accept it
   * @param asOf the generation whose whole state the other has then; none if the source goes on
   *     changing meanwhile
   */
  void copy(HostName from, HostName to, long generation, Optional<Long> asOf)
      throws ExecutionException, TimeoutException, InterruptedException {
    long[] wanted = await(replicas.sums(from, STEP_TIMEOUT));
    long[] there = await(replicas.sums(to, STEP_TIMEOUT));
    for (int bucket = 0; bucket < Replica.BUCKETS; bucket++) {
      if (wanted[bucket] != there[bucket]) {
        copyBucket(from, to, generation, bucket);
      }
    }
    if (asOf.isPresent()) {
      await(replicas.install(to, generation, List.of(), asOf, STEP_TIMEOUT));
    }
  }

  private void copyBucket(HostName from, HostName to, long generation, int bucket)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<String, Long> wanted = await(replicas.versions(from, bucket, STEP_TIMEOUT));
    Map<String, Long> there = await(replicas.versions(to, bucket, STEP_TIMEOUT));
    List<Change> extra =
        there.keySet().stream()
            .filter(key -> !wanted.containsKey(key))
            .map(key -> new Change(key, 0, Optional.empty()))
            .toList();
    if (!extra.isEmpty()) {
      await(replicas.install(to, generation, extra, Optional.empty(), STEP_TIMEOUT));
    }
    List<String> missing =
        new ArrayList<>(
            wanted.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(there.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList());
    while (!missing.isEmpty()) {
      List<Change> changes = await(replicas.fetch(from, missing, STEP_TIMEOUT));
      if (changes.isEmpty()) {
        throw new IllegalStateException(from + " answered a fetch with nothing");
      }
      await(replicas.install(to, generation, changes, Optional.empty(), STEP_TIMEOUT));
      missing.subList(0, changes.size()).clear();
    }
  }

  /** Waits a little longer than the question itself may take. */
  static <T> T await(CompletionStage<T> stage)
      throws ExecutionException, TimeoutException, InterruptedException {
    return stage.toCompletableFuture().get(2 * STEP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
