package io.nsm.agent.chaos;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls of a shared map by one thread, each written down before it begins and when it is over. */
final class MapCalls {
  private final RunLog log;
  private final SharedMap map;
  private final String client;
  private final Optional<Term> fence;
  private long op;

  /**
   * @param client unique over the whole run; one call of it is under way at a time
   * @param fence the term whose epoch the writes carry
   */
  MapCalls(RunLog log, SharedMap map, String client, Optional<Term> fence) {
    this.log = log;
    this.map = map;
    this.client = client;
    this.fence = fence;
  }

  /** A value that nobody else writes in the whole run. */
  String newValue() {
    return client + "#" + (op + 1);
  }

  Optional<SharedMap.Entry> get(String key) {
    List<Object> call = invoke("get", key, List.of());
    try {
      Optional<SharedMap.Entry> found = map.get(key);
      over("ok", call, found(found));
      return found;
    } catch (MapUnavailableException e) {
      over("fail", call, List.of("why", String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  void put(String key) throws TermEndedException {
    String value = newValue();
    write(
        invoke("put", key, List.of("value", value)),
        () ->
            List.of(
                "version",
                fence.isPresent()
                    ? map.put(key, bytes(value), fence.get())
                    : map.put(key, bytes(value))));
  }

  void putIfAbsent(String key) throws TermEndedException {
    String value = newValue();
    write(
        invoke("putIfAbsent", key, List.of("value", value)),
        () -> {
          Optional<SharedMap.Entry> before =
              fence.isPresent()
                  ? map.putIfAbsent(key, bytes(value), fence.get())
                  : map.putIfAbsent(key, bytes(value));
          List<Object> result = new ArrayList<>(List.of("done", before.isEmpty()));
          if (before.isPresent()) {
            result.addAll(found(before));
          }
          return result;
        });
  }

  /** Compare-and-set on what a get has found. */
  void replace(SharedMap.Entry expected) throws TermEndedException {
    String value = newValue();
    String key = expected.key();
    write(
        invoke(
            "replace",
            key,
            List.of(
                "value", value, "expected", text(expected.value()), "version", expected.version())),
        () ->
            List.of(
                "done",
                fence.isPresent()
                    ? map.replace(key, expected.version(), bytes(value), fence.get())
                    : map.replace(key, expected.version(), bytes(value))));
  }

  void remove(String key) throws TermEndedException {
    write(
        invoke("remove", key, List.of()),
        () -> List.of("done", fence.isPresent() ? map.remove(key, fence.get()) : map.remove(key)));
  }

  private interface Write {
    List<Object> perform() throws MapUnavailableException, TermEndedException;
  }

  private void write(List<Object> call, Write write) throws TermEndedException {
    try {
      over("ok", call, write.perform());
    } catch (MapUnavailableException e) {
      over("unknown", call, List.of("why", String.valueOf(e.getMessage())));
    } catch (TermEndedException e) {
      // The words of the map name the epoch that is in the way; those of the lease do not.
      boolean fenced = String.valueOf(e.getMessage()).endsWith("exists");
      over("fail", call, List.of("fenced", fenced, "why", String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private List<Object> invoke(String name, String key, List<Object> more) {
    op++;
    List<Object> call =
        new ArrayList<>(
            List.of("client", client, "op", op, "call", name, "map", map.name(), "key", key));
    fence.ifPresent(term -> call.addAll(List.of("epoch", term.epoch())));
    List<Object> all = new ArrayList<>(call);
    all.addAll(more);
    log.write(System.nanoTime(), "invoke", all.toArray());
    return call;
  }

  private void over(String kind, List<Object> call, List<Object> result) {
    List<Object> all = new ArrayList<>(call);
    all.addAll(result);
    log.write(System.nanoTime(), kind, all.toArray());
  }

  private static List<Object> found(Optional<SharedMap.Entry> entry) {
    return entry
        .<List<Object>>map(
            it -> List.of("found", true, "value", text(it.value()), "version", it.version()))
        .orElse(List.of("found", false));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
