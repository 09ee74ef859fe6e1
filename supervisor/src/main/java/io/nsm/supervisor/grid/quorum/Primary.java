package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Decides the operations on shared maps while this voter leads a generation. Confined to the grid's
 * loop. A write is done when every member of the generation has it on disk; a read is answered when
 * a majority of the voters, asked after the read came in, knew of no newer generation.
 *
 * <p>An empty answer means: not decided here, and nothing was done.
 */
final class Primary {
  /** Bounds the operations that wait for another one on their key. */
  static final int MAX_WAITING = 10_000;

  /** Of one page of a listing, unless a single entry is larger. */
  static final int PAGE_BYTES = 1 << 20;

  /** A member that is silent for longer is left out of the next generation. */
  static final Duration MEMBER_TIMEOUT = Duration.ofMillis(500);

  private static final long COUNTERS = 1L << 32;

  /** A generation led by this voter. */
  private record Lead(long generation, Set<HostName> members) {}

  private record Fenced(ProcessName process, Epoch epoch, CompletableFuture<Boolean> done) {}

  private record Read(CompletableFuture<Boolean> confirmed) {}

  private final Voters voters;
  private final Replica replica;
  private final ReplicaService replicas;
  private final Executor loop;
  private final Runnable deposed;
  private final Map<String, Deque<Runnable>> busy = new HashMap<>();
  private final Map<String, Optional<Change>> before = new HashMap<>();
  private final Map<ProcessName, Epoch> raising = new HashMap<>();
  private final Set<Fenced> fencedUnderWay = new HashSet<>();
  private List<Read> reads = new ArrayList<>();
  private boolean confirming;
  private int waiting;
  private long counter;
  private Optional<Lead> lead = Optional.empty();

  /**
   * @param deposed called when this voter stops leading because something went wrong
   */
  Primary(
      Voters voters, Replica replica, ReplicaService replicas, Executor loop, Runnable deposed) {
    this.voters = voters;
    this.replica = replica;
    this.replicas = replicas;
    this.loop = loop;
    this.deposed = deposed;
  }

  boolean serving() {
    return lead.isPresent();
  }

  Set<HostName> members() {
    return lead.map(Lead::members).orElse(Set.of());
  }

  /** Begins to lead, unless a newer generation was promised meanwhile. */
  void serve(long generation, Set<HostName> members) {
    if (replica.standing().in(generation)) {
      lead = Optional.of(new Lead(generation, Set.copyOf(members)));
      counter = 0;
    }
  }

  /** Takes nothing new; what is under way ends by itself. */
  void stop() {
    lead = Optional.empty();
    raising.clear();
    List<Read> unanswered = reads;
    reads = new ArrayList<>();
    unanswered.forEach(read -> read.confirmed().complete(false));
  }

  /** Stops if this voter has promised a newer generation than the one it leads. */
  void checkPromise() {
    if (lead.isPresent() && !replica.standing().in(lead.get().generation())) {
      stop();
    }
  }

  /** Anything but a listing. */
  CompletableFuture<Optional<MapResult>> perform(MapOperation operation) {
    CompletableFuture<Optional<MapResult>> answer = new CompletableFuture<>();
    MapDecision decision = MapDecision.of(operation);
    inTurn(decision.key(), answer, () -> decide(decision, answer));
    return answer;
  }

  /** The next entries of a listing, after a key; none when it has ended. */
  CompletableFuture<Optional<MapResult>> page(
      MapOperation.ListEntries list, Optional<String> after) {
    CompletableFuture<Optional<MapResult>> answer = new CompletableFuture<>();
    answerRead(listed(list, after), answer);
    return answer;
  }

  /**
   * Raises a fence: once in progress no older write of the process is begun, and it is done when
   * the fence is on every member and every older write that had begun is done.
   */
  CompletableFuture<Optional<MapResult>> raiseFence(ProcessName process, Epoch epoch) {
    CompletableFuture<Optional<MapResult>> answer = new CompletableFuture<>();
    if (lead.isEmpty()) {
      answer.complete(Optional.empty());
      return answer;
    }
    raising.merge(process, epoch, Primary::later);
    List<CompletableFuture<Boolean>> older =
        fencedUnderWay.stream()
            .filter(write -> write.process().equals(process) && epoch.isAfter(write.epoch()))
            .map(Fenced::done)
            .toList();
    String key = MapDecision.fenceKey(process);
    inTurn(
        key,
        answer,
        () -> {
          Epoch newest = later(epoch, fence(process));
          replicate(key, Optional.of(MapDecision.fenceValue(newest)))
              .thenCombine(all(older), (version, settled) -> settled ? version : 0L)
              .thenAccept(version -> answer.complete(Optional.of(written(version))));
        });
    return answer;
  }

  private void decide(MapDecision decision, CompletableFuture<Optional<MapResult>> answer) {
    Optional<Epoch> newer =
        decision.fence().map(f -> fence(f.process())).filter(n -> n.isAfter(fenceOf(decision)));
    if (newer.isPresent()) {
      release(decision.key());
      answer.complete(Optional.of(new MapResult.Fenced(newer.get())));
      return;
    }
    Optional<MapResult.Entry> current =
        replica.read(decision.key()).map(change -> MapDecision.entry(change));
    MapDecision.Step step = decision.on(current);
    if (step.result().isPresent()) {
      release(decision.key());
      answerRead(step.result().get(), answer);
      return;
    }
    CompletableFuture<Long> replicated = replicate(decision.key(), step.value());
    decision
        .fence()
        .ifPresent(
            fence -> {
              Fenced write =
                  new Fenced(
                      fence.process(), fence.epoch(), replicated.thenApply(version -> version > 0));
              fencedUnderWay.add(write);
              replicated.thenRun(() -> fencedUnderWay.remove(write));
            });
    replicated.thenAccept(
        version ->
            answer.complete(
                Optional.of(
                    version > 0 && step.value().isEmpty()
                        ? new MapResult.Written(0)
                        : written(version))));
  }

  private static MapResult written(long version) {
    return version > 0
        ? new MapResult.Written(version)
        : new MapResult.Unknown("a member of the grid did not confirm the write");
  }

  private static Epoch fenceOf(MapDecision decision) {
    return decision.fence().orElseThrow().epoch();
  }

  private Epoch fence(ProcessName process) {
    Epoch stored =
        replica.read(MapDecision.fenceKey(process)).map(MapDecision::fence).orElse(Epoch.NONE);
    return later(stored, raising.getOrDefault(process, Epoch.NONE));
  }

  private static Epoch later(Epoch a, Epoch b) {
    return a.isAfter(b) ? a : b;
  }

  /** Completes with the version when every member has it on disk, else, once sure, with 0. */
  private CompletableFuture<Long> replicate(String key, Optional<byte[]> value) {
    Lead now = lead.orElseThrow();
    long version = now.generation() * COUNTERS + ++counter;
    Change change = new Change(key, version, value);
    before.put(key, replica.read(key));
    CompletableFuture<Long> outcome = new CompletableFuture<>();
    List<CompletableFuture<Boolean>> acknowledged = new ArrayList<>();
    for (HostName member : now.members()) {
      acknowledged.add(
          replicas
              .write(member, now.generation(), change, MEMBER_TIMEOUT)
              .handle((done, failure) -> failure == null)
              .toCompletableFuture());
    }
    all(acknowledged)
        .thenAcceptAsync(
            everywhere -> {
              before.remove(key);
              if (!everywhere) {
                depose(now);
              }
              release(key);
              outcome.complete(everywhere ? version : 0L);
            },
            loop);
    return outcome;
  }

  private void depose(Lead failed) {
    if (lead.equals(Optional.of(failed))) {
      stop();
      deposed.run();
    }
  }

  private static CompletableFuture<Boolean> all(List<CompletableFuture<Boolean>> each) {
    return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> each.stream().allMatch(CompletableFuture::join));
  }

  /** Runs at once, or when the operation before on the same key has ended. */
  private void inTurn(
      String key, CompletableFuture<Optional<MapResult>> answer, Runnable operation) {
    Runnable unlessStopped =
        () -> {
          if (lead.isPresent()) {
            operation.run();
          } else {
            release(key);
            answer.complete(Optional.empty());
          }
        };
    Deque<Runnable> queue = busy.get(key);
    if (queue == null) {
      busy.put(key, new ArrayDeque<>());
      unlessStopped.run();
    } else if (waiting >= MAX_WAITING) {
      answer.complete(
          Optional.of(new MapResult.Unknown("not done: " + MAX_WAITING + " operations wait")));
    } else {
      waiting++;
      queue.add(unlessStopped);
    }
  }

  private void release(String key) {
    Deque<Runnable> queue = busy.getOrDefault(key, new ArrayDeque<>());
    Runnable next = queue.poll();
    if (next == null) {
      busy.remove(key);
    } else {
      waiting--;
      loop.execute(next);
    }
  }

  /** Entries as they are without the writes under way. */
  private MapResult listed(MapOperation.ListEntries list, Optional<String> after) {
    String prefix = MapDecision.entryKey(list.map(), list.prefix());
    String from = after.map(key -> MapDecision.entryKey(list.map(), key)).orElse("");
    NavigableSet<String> keys = new TreeSet<>(replica.keys(prefix));
    before.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(keys::add);
    List<MapResult.Entry> entries = new ArrayList<>();
    int size = 0;
    for (String key : keys.tailSet(from, false)) {
      Optional<Change> change = before.containsKey(key) ? before.get(key) : replica.read(key);
      if (change.isPresent()) {
        size += change.get().size();
        if (!entries.isEmpty() && size > PAGE_BYTES) {
          break;
        }
        entries.add(MapDecision.entry(change.get()));
      }
    }
    return new MapResult.Entries(entries);
  }

  private void answerRead(MapResult result, CompletableFuture<Optional<MapResult>> answer) {
    if (lead.isEmpty()) {
      answer.complete(Optional.empty());
      return;
    }
    Read read = new Read(new CompletableFuture<>());
    read.confirmed().thenAccept(ok -> answer.complete(ok ? Optional.of(result) : Optional.empty()));
    reads.add(read);
    confirm();
  }

  /** One round for all reads that came in since the last one began. */
  private void confirm() {
    if (confirming || reads.isEmpty() || lead.isEmpty()) {
      return;
    }
    confirming = true;
    Lead now = lead.get();
    List<Read> round = reads;
    reads = new ArrayList<>();
    Majority.of(
            now.members(),
            voters.majority(),
            member -> replicas.confirm(member, now.generation(), MEMBER_TIMEOUT))
        .thenAcceptAsync(
            confirmed -> {
              confirming = false;
              if (!confirmed) {
                depose(now);
              }
              round.forEach(read -> read.confirmed().complete(confirmed));
              confirm();
            },
            loop);
  }
}
