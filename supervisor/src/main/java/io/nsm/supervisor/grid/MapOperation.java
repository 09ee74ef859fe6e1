package io.nsm.supervisor.grid;

import io.nsm.process.SharedMap;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Names;
import io.nsm.supervisor.model.ProcessName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One operation on one key, or one listing, of a shared map. Each checks its own name, key and
 * value against the limits and throws {@link IllegalArgumentException}.
 */
public sealed interface MapOperation {

  /** The name of the map. */
  String map();

  /** The writer's process and epoch, for a write under a grant. */
  default Optional<Fence> fence() {
    return Optional.empty();
  }

  /** Must handle every operation. */
  interface Cases<R> {
    R get(Get get);

    R list(ListEntries list);

    R put(Put put);

    R putIfAbsent(PutIfAbsent putIfAbsent);

    R replace(Replace replace);

    R remove(Remove remove);
  }

  <R> R match(Cases<R> cases);

  /** The writer's process and epoch; a write with an older epoch than the newest is refused. */
  record Fence(ProcessName process, Epoch epoch) {}

  /** Reads the entry of a key. */
  record Get(String map, String key) implements MapOperation {
    public Get {
      check(map, key);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.get(this);
    }
  }

  /** Reads all entries whose keys start with a prefix, in key order. */
  record ListEntries(String map, String prefix) implements MapOperation {
    public ListEntries {
      check(map, prefix);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.list(this);
    }
  }

  /** Sets a value, whatever was there. */
  record Put(String map, String key, byte[] value, Optional<Fence> fence) implements MapOperation {
    public Put {
      check(map, key, value);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.put(this);
    }
  }

  /** Sets a value if there is none. */
  record PutIfAbsent(String map, String key, byte[] value, Optional<Fence> fence)
      implements MapOperation {
    public PutIfAbsent {
      check(map, key, value);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.putIfAbsent(this);
    }
  }

  /** Sets a value if the entry still has this version. */
  record Replace(String map, String key, long version, byte[] value, Optional<Fence> fence)
      implements MapOperation {
    public Replace {
      check(map, key, value);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.replace(this);
    }
  }

  /** Removes the entry of a key. */
  record Remove(String map, String key, Optional<Fence> fence) implements MapOperation {
    public Remove {
      check(map, key);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.remove(this);
    }
  }

  /** Of a key, in bytes of UTF-8. */
  int MAX_KEY_BYTES = 1024;

  private static void check(String map, String key) {
    if (!Names.valid(map)) {
      throw new IllegalArgumentException("map '" + map + "' is not a name: " + Names.RULE);
    }
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key of map " + map + " has " + bytes + " bytes, more than " + MAX_KEY_BYTES);
    }
  }

  private static void check(String map, String key, byte[] value) {
    check(map, key);
    if (value.length > SharedMap.MAX_VALUE_SIZE) {
      throw new IllegalArgumentException(
          "the value of '"
              + key
              + "' in map "
              + map
              + " has "
              + value.length
              + " bytes, more than "
              + SharedMap.MAX_VALUE_SIZE);
    }
  }
}
