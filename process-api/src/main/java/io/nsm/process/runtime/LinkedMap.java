package io.nsm.process.runtime;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent.Operation;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapEntry;
import io.nsm.process.link.ToProcess.MapStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A shared map whose operations go over the link. */
final class LinkedMap implements SharedMap {
  /** How long an operation, with its turn behind others, may take. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final byte[] NO_VALUE = {};

  private final String name;
  private final AgentLink link;
  private final Semaphore turns;

  /**
   * @param turns one for each operation that may be under way, over all maps of the process
   */
  LinkedMap(String name, AgentLink link, Semaphore turns) {
    this.name = name;
    this.link = link;
    this.turns = turns;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Entry> get(String key) throws MapUnavailableException {
    return first(ask(request(Operation.GET, key, 0, NO_VALUE), MapStatus.ENTRIES));
  }

  @Override
  public List<Entry> list(String keyPrefix) throws MapUnavailableException {
    return entries(ask(request(Operation.LIST, keyPrefix, 0, NO_VALUE), MapStatus.ENTRIES));
  }

  @Override
  public long put(String key, byte[] value) throws MapUnavailableException {
    return ask(request(Operation.PUT, key, 0, value), MapStatus.WRITTEN).number();
  }

  @Override
  public long put(String key, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return askFenced(request(Operation.PUT, key, 0, value), fence, MapStatus.WRITTEN).number();
  }

  @Override
  public Optional<Entry> putIfAbsent(String key, byte[] value) throws MapUnavailableException {
    return first(
        ask(request(Operation.PUT_IF_ABSENT, key, 0, value), MapStatus.WRITTEN, MapStatus.REFUSED));
  }

  @Override
  public Optional<Entry> putIfAbsent(String key, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return first(
        askFenced(
            request(Operation.PUT_IF_ABSENT, key, 0, value),
            fence,
            MapStatus.WRITTEN,
            MapStatus.REFUSED));
  }

  @Override
  public boolean replace(String key, long version, byte[] value) throws MapUnavailableException {
    return written(
        ask(request(Operation.REPLACE, key, version, value), MapStatus.WRITTEN, MapStatus.REFUSED));
  }

  @Override
  public boolean replace(String key, long version, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException {
    return written(
        askFenced(
            request(Operation.REPLACE, key, version, value),
            fence,
            MapStatus.WRITTEN,
            MapStatus.REFUSED));
  }

  @Override
  public boolean remove(String key) throws MapUnavailableException {
    return written(
        ask(request(Operation.REMOVE, key, 0, NO_VALUE), MapStatus.WRITTEN, MapStatus.REFUSED));
  }

  @Override
  public boolean remove(String key, Term fence) throws MapUnavailableException, TermEndedException {
    return written(
        askFenced(
            request(Operation.REMOVE, key, 0, NO_VALUE),
            fence,
            MapStatus.WRITTEN,
            MapStatus.REFUSED));
  }

  private MapRequest request(Operation operation, String key, long version, byte[] value) {
    int keyLength = key.getBytes(StandardCharsets.UTF_8).length;
    if (keyLength > LinkLimits.MAX_KEY) {
      throw new IllegalArgumentException(
          "a key of " + keyLength + " bytes is longer than the " + LinkLimits.MAX_KEY + " allowed");
    }
    if (value.length > MAX_VALUE_SIZE) {
      throw new IllegalArgumentException(
          "a value of "
              + value.length
              + " bytes is larger than the "
              + MAX_VALUE_SIZE
              + " allowed: "
              + name
              + "/"
              + key);
    }
    return new MapRequest(operation, name, key, version, value.clone(), OptionalLong.empty());
  }

  private MapAnswered ask(MapRequest request, MapStatus expected, MapStatus... orElse)
      throws MapUnavailableException {
    return expect(request, perform(request), EnumSet.of(expected, orElse));
  }

  private MapAnswered askFenced(
      MapRequest request, Term fence, MapStatus expected, MapStatus... orElse)
      throws MapUnavailableException, TermEndedException {
    if (fence instanceof LinkedTerm) {
      ((LinkedTerm) fence).ensureWritable();
    } else {
      fence.ensureActive();
    }
    MapRequest fenced = request.fencedBy(fence.epoch());
    MapAnswered answer = perform(fenced);
    if (answer.status() == MapStatus.FENCED) {
      throw new TermEndedException(
          "the term of epoch " + fence.epoch() + " is over: epoch " + answer.number() + " exists");
    }
    return expect(fenced, answer, EnumSet.of(expected, orElse));
  }

  private MapAnswered perform(MapRequest request) throws MapUnavailableException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    try {
      if (!turns.tryAcquire(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw unavailable(
            request, "not done: earlier operations took " + TIMEOUT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(request, "not done: interrupted");
    }
    try {
      Optional<MapAnswered> answer = link.call(request, end - System.nanoTime());
      if (answer.isEmpty()) {
        throw unavailable(request, "no answer within " + TIMEOUT.toSeconds() + " s");
      }
      return answer.get();
    } finally {
      turns.release();
    }
  }

  private static MapAnswered expect(MapRequest request, MapAnswered answer, Set<MapStatus> expected)
      throws MapUnavailableException {
    if (answer.status() == MapStatus.UNKNOWN) {
      throw unavailable(request, answer.reason());
    }
    if (!expected.contains(answer.status())) {
      throw unavailable(request, "the agent answered " + answer.status());
    }
    return answer;
  }

  private static MapUnavailableException unavailable(MapRequest request, String reason) {
    return new MapUnavailableException(
        request.operation() + " " + request.map() + "/" + request.key() + ": " + reason);
  }

  private static boolean written(MapAnswered answer) {
    return answer.status() == MapStatus.WRITTEN;
  }

  private static Optional<Entry> first(MapAnswered answer) {
    return entries(answer).stream().findFirst();
  }

  private static List<Entry> entries(MapAnswered answer) {
    return answer.entries().stream().map(LinkedMap::entry).toList();
  }

  private static Entry entry(MapEntry entry) {
    return new Entry(entry.key(), entry.value(), entry.version());
  }
}
