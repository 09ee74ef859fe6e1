package io.nsm.supervisor.grid.quorum;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A durable map from keys to bytes, on this host alone. A completed write or removal is on disk;
 * two of the same key must not be under way at once.
 */
public interface Disk extends AutoCloseable {

  /** All keys; read once, at start. */
  Set<String> keys();

  Optional<byte[]> read(String key);

  CompletionStage<Void> write(String key, byte[] value);

  CompletionStage<Void> remove(String key);

  @Override
  void close();
}
