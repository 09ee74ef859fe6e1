package io.nsm.agent.link;

import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapEntry;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Between the link's words for shared maps and the grid's. */
final class MapTranslation {
  private MapTranslation() {}

  /**
   * @param process whose epochs fence the operation
   */
  static MapOperation operation(ProcessName process, MapCall call) {
    Optional<Fence> fence = fence(process, call.fence());
    return switch (call.operation()) {
      case GET -> new MapOperation.Get(call.map(), call.key());
      case LIST -> new MapOperation.ListEntries(call.map(), call.key());
      case PUT -> new MapOperation.Put(call.map(), call.key(), call.value(), fence);
      case PUT_IF_ABSENT ->
          new MapOperation.PutIfAbsent(call.map(), call.key(), call.value(), fence);
      case REPLACE ->
          new MapOperation.Replace(call.map(), call.key(), call.version(), call.value(), fence);
      case REMOVE -> new MapOperation.Remove(call.map(), call.key(), fence);
    };
  }

  static MapAnswered answer(long correlation, MapResult result) {
    return result.match(new Answering(correlation));
  }

  static MapAnswered unknown(long correlation, String reason) {
    return new MapAnswered(correlation, MapStatus.UNKNOWN, 0, List.of(), reason);
  }

  private static Optional<Fence> fence(ProcessName process, OptionalLong epoch) {
    return epoch.isPresent()
        ? Optional.of(new Fence(process, new Epoch(epoch.getAsLong())))
        : Optional.empty();
  }

  private record Answering(long correlation) implements MapResult.Cases<MapAnswered> {
    @Override
    public MapAnswered entries(MapResult.Entries result) {
      return with(MapStatus.ENTRIES, 0, result.entries());
    }

    @Override
    public MapAnswered written(MapResult.Written result) {
      return with(MapStatus.WRITTEN, result.version(), List.of());
    }

    @Override
    public MapAnswered refused(MapResult.Refused result) {
      return with(MapStatus.REFUSED, 0, result.current());
    }

    @Override
    public MapAnswered fenced(MapResult.Fenced result) {
      return with(MapStatus.FENCED, result.newest().number(), List.of());
    }

    @Override
    public MapAnswered unknown(MapResult.Unknown result) {
      return MapTranslation.unknown(correlation, result.reason());
    }

    private MapAnswered with(MapStatus status, long number, List<MapResult.Entry> entries) {
      return new MapAnswered(
          correlation,
          status,
          number,
          entries.stream()
              .map(entry -> new MapEntry(entry.key(), entry.value(), entry.version()))
              .toList(),
          "");
    }
  }
}
