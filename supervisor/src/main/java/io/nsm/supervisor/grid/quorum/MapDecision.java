package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/** What one operation on one key does, given the entry that is there; no effects. */
record MapDecision(
    String key, Optional<Fence> fence, Function<Optional<MapResult.Entry>, Step> rule) {

  /** An answer without a change, or the change: a new value, or none for a removal. */
  record Step(Optional<MapResult> result, Optional<byte[]> value) {
    static Step answer(MapResult result) {
      return new Step(Optional.of(result), Optional.empty());
    }

    static Step set(byte[] value) {
      return new Step(Optional.empty(), Optional.of(value));
    }

    static Step removal() {
      return new Step(Optional.empty(), Optional.empty());
    }
  }

  Step on(Optional<MapResult.Entry> current) {
    return rule.apply(current);
  }

  static MapDecision of(MapOperation operation) {
    return operation.match(
        new MapOperation.Cases<MapDecision>() {
          @Override
          public MapDecision get(MapOperation.Get get) {
            return new MapDecision(
                entryKey(get.map(), get.key()),
                Optional.empty(),
                current -> Step.answer(new MapResult.Entries(current.stream().toList())));
          }

          @Override
          public MapDecision list(MapOperation.ListEntries list) {
            throw new IllegalStateException("a listing is not about one key");
          }

          @Override
          public MapDecision put(MapOperation.Put put) {
            return new MapDecision(
                entryKey(put.map(), put.key()), put.fence(), current -> Step.set(put.value()));
          }

          @Override
          public MapDecision putIfAbsent(MapOperation.PutIfAbsent put) {
            return new MapDecision(
                entryKey(put.map(), put.key()),
                put.fence(),
                current -> current.isEmpty() ? Step.set(put.value()) : refused(current));
          }

          @Override
          public MapDecision replace(MapOperation.Replace replace) {
            return new MapDecision(
                entryKey(replace.map(), replace.key()),
                replace.fence(),
                current ->
                    current.filter(entry -> entry.version() == replace.version()).isPresent()
                        ? Step.set(replace.value())
                        : refused(current));
          }

          @Override
          public MapDecision remove(MapOperation.Remove remove) {
            return new MapDecision(
                entryKey(remove.map(), remove.key()),
                remove.fence(),
                current -> current.isPresent() ? Step.removal() : refused(current));
          }
        });
  }

  private static Step refused(Optional<MapResult.Entry> current) {
    return Step.answer(new MapResult.Refused(current.stream().toList()));
  }

  /** The names of maps contain no slash. */
  static String entryKey(String map, String key) {
    return "map/" + map + "/" + key;
  }

  static String fenceKey(ProcessName process) {
    return "fence/" + process;
  }

  static byte[] fenceValue(Epoch epoch) {
    return ByteBuffer.allocate(Long.BYTES).putLong(epoch.number()).array();
  }

  static Epoch fence(Change change) {
    return new Epoch(ByteBuffer.wrap(change.value().orElseThrow()).getLong());
  }

  static MapResult.Entry entry(Change change) {
    String key = change.key();
    return new MapResult.Entry(
        key.substring(key.indexOf('/', "map/".length()) + 1),
        change.value().orElseThrow(),
        change.version());
  }
}
