package io.nsm.samples.flights;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** The shared map {@code flights}: one entry per batch, and one that says how many there are. */
public record FlightsMap(SharedMap map) {

  public static final String NAME = "flights";

  private static final String END = "end";

  /** The rows of a batch, if it was written. */
  public Optional<byte[]> batch(long number) throws MapUnavailableException {
    return map.get(key(number)).map(SharedMap.Entry::value);
  }

  public void write(Batch batch, Term term) throws MapUnavailableException, TermEndedException {
    map.put(key(batch.number()), batch.bytes(), term);
  }

  /** How many batches there are in all, once that is known. */
  public OptionalLong total() throws MapUnavailableException {
    Optional<SharedMap.Entry> end = map.get(END);
    return end.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(new String(end.get().value(), StandardCharsets.UTF_8)));
  }

  public void writeTotal(long batches, Term term)
      throws MapUnavailableException, TermEndedException {
    map.put(END, Long.toString(batches).getBytes(StandardCharsets.UTF_8), term);
  }

  /** Zero-padded, so that key order is batch order. */
  static String key(long number) {
    return String.format("batch-%08d", number);
  }
}
