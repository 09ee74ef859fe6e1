package io.nsm.supervisor.grid;

import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
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
import java.util.function.BiPredicate;

/**
 * The grid of several simulated hosts in memory, with one outcome for one order of calls. Not for
 * several threads. Every question is answered through an executor, so that a simulation chooses
 * when.
 */
public final class SimulatedGrid {
  private final List<HostName> voters;
  private final Executor answers;
  private final BiPredicate<HostName, HostName> reaches;
  private final Map<HostName, Map<CheckpointRef, byte[]>> disks = new TreeMap<>();
  private final NavigableMap<String, MapResult.Entry> entries = new TreeMap<>();
  private final Map<ProcessName, Epoch> fences = new HashMap<>();
  private final Set<HostName> down = new HashSet<>();
  private long version;
  private int answersToLose;

  /**
   * @param reaches whether a host reaches another one now, both ways
   * @param answers runs each answer; {@code Runnable::run} answers at once
   */
  public SimulatedGrid(
      Set<HostName> voters, BiPredicate<HostName, HostName> reaches, Executor answers) {
    this.voters = voters.stream().sorted().toList();
    this.reaches = reaches;
    this.answers = answers;
  }

  /** The grid as one host sees it; it works while that host is up. */
  public Grid on(HostName host) {
    return new View(host);
  }

  /** The host no longer takes part; its disk stays. */
  public void stop(HostName host) {
    down.add(host);
  }

  public void start(HostName host) {
    down.remove(host);
  }

  /** The disk of a host is empty from now on. */
  public void empty(HostName host) {
    disks.remove(host);
  }

  /** The next so many operations that change something take place and are answered Unknown. */
  public void loseAnswers(int count) {
    answersToLose = count;
  }

  private List<HostName> reached(HostName from) {
    return voters.stream()
        .filter(voter -> !down.contains(from) && !down.contains(voter))
        .filter(voter -> voter.equals(from) || reaches.test(from, voter))
        .toList();
  }

  private boolean majority(List<HostName> some) {
    return some.size() > voters.size() / 2;
  }

  private boolean lost() {
    if (answersToLose == 0) {
      return false;
    }
    answersToLose--;
    return true;
  }

  private <T> CompletionStage<T> answered(T answer) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    answers.execute(() -> stage.complete(answer));
    return stage;
  }

  private final class View implements Grid {
    private final HostName self;

    View(HostName self) {
      this.self = self;
    }

    @Override
    public CompletionStage<Stored> store(CheckpointRef ref, byte[] bytes) {
      if (!Digest.of(bytes).equals(ref.digest())) {
        throw new IllegalArgumentException("checkpoint " + ref + " names other bytes");
      }
      List<HostName> reached = reached(self);
      reached.forEach(
          host -> disks.computeIfAbsent(host, key -> new HashMap<>()).put(ref, bytes.clone()));
      return answered(majority(reached) && !lost() ? Stored.DONE : Stored.UNKNOWN);
    }

    @Override
    public CompletionStage<Found> find(CheckpointRef ref) {
      List<HostName> reached = reached(self);
      for (HostName host : reached) {
        byte[] bytes = disks.getOrDefault(host, Map.of()).get(ref);
        if (bytes != null) {
          return answered(new Bytes(bytes.clone()));
        }
      }
      List<String> silent = new ArrayList<>(voters.stream().map(HostName::name).toList());
      silent.removeAll(reached.stream().map(HostName::name).toList());
      return answered(silent.isEmpty() ? new Nowhere() : new Unreachable(silent));
    }

    @Override
    public CompletionStage<Void> removeOlder(
        CheckpointRef current, Optional<CheckpointRef> previous) {
      CheckpointRef oldest = previous.filter(current::isAfter).orElse(current);
      reached(self)
          .forEach(
              host ->
                  disks
                      .getOrDefault(host, new HashMap<>())
                      .keySet()
                      .removeIf(
                          ref -> ref.process().equals(oldest.process()) && oldest.isAfter(ref)));
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Stored> raiseFence(ProcessName process, Epoch epoch) {
      if (!majority(reached(self))) {
        return answered(Stored.UNKNOWN);
      }
      fences.merge(process, epoch, (a, b) -> a.isAfter(b) ? a : b);
      return answered(lost() ? Stored.UNKNOWN : Stored.DONE);
    }

    @Override
    public CompletionStage<MapResult> perform(MapOperation operation) {
      if (!majority(reached(self))) {
        return answered(new MapResult.Unknown("no majority of the voters"));
      }
      MapResult result = operation.match(new Step());
      return answered(
          result instanceof MapResult.Written && lost()
              ? new MapResult.Unknown("the answer was lost")
              : result);
    }

    @Override
    public String health() {
      List<HostName> reached = reached(self);
      if (!majority(reached)) {
        return "unavailable: only " + reached + " of " + voters;
      }
      List<HostName> missing = new ArrayList<>(voters);
      missing.removeAll(reached);
      return missing.isEmpty() ? "available" : "DEGRADED: without " + missing;
    }

    @Override
    public void close() {}
  }

  private final class Step implements MapOperation.Cases<MapResult> {
    @Override
    public MapResult get(MapOperation.Get get) {
      return new MapResult.Entries(current(get.map(), get.key()));
    }

    @Override
    public MapResult list(MapOperation.ListEntries list) {
      String prefix = list.map() + "/" + list.prefix();
      return new MapResult.Entries(
          entries.tailMap(prefix).entrySet().stream()
              .takeWhile(entry -> entry.getKey().startsWith(prefix))
              .map(Map.Entry::getValue)
              .toList());
    }

    @Override
    public MapResult put(MapOperation.Put put) {
      return fenced(put.fence()).orElseGet(() -> set(put.map(), put.key(), put.value()));
    }

    @Override
    public MapResult putIfAbsent(MapOperation.PutIfAbsent put) {
      List<MapResult.Entry> current = current(put.map(), put.key());
      return fenced(put.fence())
          .orElseGet(
              () ->
                  current.isEmpty()
                      ? set(put.map(), put.key(), put.value())
                      : new MapResult.Refused(current));
    }

    @Override
    public MapResult replace(MapOperation.Replace replace) {
      List<MapResult.Entry> current = current(replace.map(), replace.key());
      boolean same = current.stream().anyMatch(entry -> entry.version() == replace.version());
      return fenced(replace.fence())
          .orElseGet(
              () ->
                  same
                      ? set(replace.map(), replace.key(), replace.value())
                      : new MapResult.Refused(current));
    }

    @Override
    public MapResult remove(MapOperation.Remove remove) {
      return fenced(remove.fence())
          .orElseGet(
              () ->
                  entries.remove(remove.map() + "/" + remove.key()) == null
                      ? new MapResult.Refused(List.of())
                      : new MapResult.Written(0));
    }

    private List<MapResult.Entry> current(String map, String key) {
      return Optional.ofNullable(entries.get(map + "/" + key)).stream().toList();
    }

    private MapResult set(String map, String key, byte[] value) {
      entries.put(map + "/" + key, new MapResult.Entry(key, value.clone(), ++version));
      return new MapResult.Written(version);
    }

    private Optional<MapResult> fenced(Optional<Fence> fence) {
      return fence
          .map(write -> fences.getOrDefault(write.process(), Epoch.NONE))
          .filter(newest -> newest.isAfter(fence.orElseThrow().epoch()))
          .map(MapResult.Fenced::new);
    }
  }
}
