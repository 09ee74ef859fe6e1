package io.nsm.samples.transformer;

import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.Flight;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of all airports after a number of batches.
 *
 * @param batches how many were added; also the number of the next one
 */
record Aggregates(long batches, long flights, SortedMap<String, AirportFigures> airports) {

  static final Aggregates EMPTY = new Aggregates(0, 0, new TreeMap<>());

  private static final String KIND = "transformer 1";

  Aggregates {
    airports = Collections.unmodifiableSortedMap(new TreeMap<>(airports));
  }

  /** These and the flights of the next batch. */
  Aggregates plus(List<Flight> batch) {
    SortedMap<String, AirportFigures> sums = new TreeMap<>(airports);
    for (Flight flight : batch) {
      sums.put(
          flight.origin(),
          sums.getOrDefault(flight.origin(), AirportFigures.NONE)
              .withDeparture(flight.delayMinutes()));
      sums.put(
          flight.destination(),
          sums.getOrDefault(flight.destination(), AirportFigures.NONE).withArrival());
    }
    return new Aggregates(batches + 1, flights + batch.size(), sums);
  }

  /** Lines: kind and version, {@code batches,flights}, then an airport and its figures on each. */
  byte[] toBytes() {
    StringBuilder text = new StringBuilder(KIND).append('\n');
    text.append(batches).append(',').append(flights).append('\n');
    airports.forEach(
        (code, figures) -> text.append(code).append(',').append(figures.toText()).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Aggregates parse(byte[] bytes) {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 2 || !lines.get(0).equals(KIND)) {
      throw new IllegalArgumentException(
          "expected '" + KIND + "', found '" + (lines.isEmpty() ? "" : lines.get(0)) + "'");
    }
    List<String> counts = List.of(lines.get(1).split(",", -1));
    SortedMap<String, AirportFigures> airports = new TreeMap<>();
    for (String line : lines.subList(2, lines.size())) {
      int comma = line.indexOf(',');
      airports.put(line.substring(0, comma), AirportFigures.parse(line.substring(comma + 1)));
    }
    return new Aggregates(Long.parseLong(counts.get(0)), Long.parseLong(counts.get(1)), airports);
  }
}
