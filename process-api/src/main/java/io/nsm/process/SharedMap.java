package io.nsm.process;

import java.util.List;
import java.util.Optional;

/**
 * A map shared by all processes of the cluster, linearizable per key. Keys are strings of at most
 * 1,024 bytes of UTF-8, values at most {@link #MAX_VALUE_SIZE} bytes.
 *
 * <p>A write that is given a {@link Term} carries its epoch and is refused where the entry is
 * decided if a newer epoch of that process exists.
 */
public interface SharedMap {

  /** The largest value, in bytes. */
  int MAX_VALUE_SIZE = 1 << 20;

  /** What the name of a map looks like, as a regular expression; as every name in NSM. */
  String NAME = "[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?";

  /** A value with its version, which changes with every write of the key. */
  record Entry(String key, byte[] value, long version) {}

  String name();

  Optional<Entry> get(String key) throws MapUnavailableException;

  /** All entries whose keys start with a prefix, in key order; not a snapshot across keys. */
  List<Entry> list(String keyPrefix) throws MapUnavailableException;

  /** Sets a value, whatever was there; returns the new version. */
  long put(String key, byte[] value) throws MapUnavailableException;

  long put(String key, byte[] value, Term fence) throws MapUnavailableException, TermEndedException;

  /** Sets a value if the key has none; returns the entry that was in the way, if one was. */
  Optional<Entry> putIfAbsent(String key, byte[] value) throws MapUnavailableException;

  Optional<Entry> putIfAbsent(String key, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException;

  /** Sets a value if the key still has this version; returns whether it did. */
  boolean replace(String key, long version, byte[] value) throws MapUnavailableException;

  boolean replace(String key, long version, byte[] value, Term fence)
      throws MapUnavailableException, TermEndedException;

  /** Removes a key; returns whether it was there. */
  boolean remove(String key) throws MapUnavailableException;

  boolean remove(String key, Term fence) throws MapUnavailableException, TermEndedException;
}
