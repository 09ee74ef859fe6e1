package io.nsm.supervisor.grid;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What all hosts share: the bytes of checkpoints, immutable, and maps with fenced writes. */
public interface Grid extends AutoCloseable {

  /**
   * Stores the bytes of a checkpoint. Done means: on disk at members that include a majority of the
   * voters.
   */
  CompletionStage<Stored> store(CheckpointRef ref, byte[] bytes);

  /** Whether bytes are stored. */
  enum Stored {
    DONE,
    UNKNOWN
  }

  /** Looks for the bytes of a checkpoint on every member, not only on this one. */
  CompletionStage<Found> find(CheckpointRef ref);

  /** What a search for bytes came to. */
  sealed interface Found {
    /** Must handle every result. */
    interface Cases<R> {
      R bytes(Bytes bytes);

      R nowhere(Nowhere nowhere);

      R unreachable(Unreachable unreachable);
    }

    <R> R match(Cases<R> cases);
  }

  /** Found, and their digest is the one asked for. */
  record Bytes(byte[] bytes) implements Found {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.bytes(this);
    }
  }

  /** Every voter answered that it has no such bytes. */
  record Nowhere() implements Found {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.nowhere(this);
    }
  }

  /** Not found, and these voters did not answer. */
  record Unreachable(List<String> silent) implements Found {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.unreachable(this);
    }
  }

  /**
   * Removes the bytes of a process that are older than both given checkpoints. To be called only
   * with checkpoints read under the caller's own grant. Done means that this host has no copy any
   * more; the voters in view are told, and one that is not told keeps a harmless copy.
   */
  CompletionStage<Void> removeOlder(CheckpointRef current, Optional<CheckpointRef> previous);

  /**
   * Refuses from now on, on every member, map writes that carry an older epoch of this process.
   * Done means that no such write is still under way anywhere that could be acknowledged.
   */
  CompletionStage<Stored> raiseFence(ProcessName process, Epoch epoch);

  /** Performs one operation on a shared map, where the entry is decided. */
  CompletionStage<MapResult> perform(MapOperation operation);

  /** Whether shared maps can be used, for people: {@code available}, or what is wrong. */
  String health();

  @Override
  void close();
}
