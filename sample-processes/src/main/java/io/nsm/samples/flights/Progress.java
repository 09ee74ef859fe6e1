package io.nsm.samples.flights;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.util.List;
import java.util.Optional;

/**
 * How far the figures in the map {@code airports} have come. Written after the figures it speaks
 * of.
 *
 * @param complete whether these are all the batches there are
 */
public record Progress(long batches, long flights, long airports, boolean complete) {

  /** The shared map that holds it. */
  public static final String MAP = "progress";

  private static final String KEY = "transformer";
  private static final String KIND = "progress 1";

  public static Optional<Progress> read(SharedMap map) throws MapUnavailableException {
    return map.get(KEY).map(entry -> parse(entry.value()));
  }

  public void write(SharedMap map, Term term) throws MapUnavailableException, TermEndedException {
    map.put(KEY, toBytes(), term);
  }

  byte[] toBytes() {
    return Fields.write(
        KIND,
        List.of(
            "batches=" + batches,
            "flights=" + flights,
            "airports=" + airports,
            "complete=" + complete));
  }

  static Progress parse(byte[] bytes) {
    Fields fields = Fields.read(KIND, bytes);
    return new Progress(
        fields.number("batches"),
        fields.number("flights"),
        fields.number("airports"),
        fields.flag("complete"));
  }
}
