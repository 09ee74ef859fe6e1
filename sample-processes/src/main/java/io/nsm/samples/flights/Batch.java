package io.nsm.samples.flights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive rows of a file of flights, the unit in which they are shared. A batch of the same
 * number of the same file has the same bytes whoever reads it, so that writing it twice is
 * harmless.
 *
 * @param number from 0
 * @param rows as in the file, without line ends
 * @param next where the following batch begins
 */
public record Batch(long number, List<String> rows, Position next) {

  /** Rows in a batch; the last one of a file may have fewer. */
  public static final int ROWS = 100;

  public Batch {
    rows = List.copyOf(rows);
  }

  /** The rows, each ended by a line feed. */
  public byte[] bytes() {
    return (String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The flights in the bytes of a batch. */
  public static List<Flight> flights(byte[] bytes) throws MalformedRowException {
    List<Flight> flights = new ArrayList<>();
    for (String row : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      flights.add(Flight.parse(row));
    }
    return flights;
  }
}
