package io.nsm.samples.pipeline;

import io.nsm.process.SharedMap;
import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsMap;
import java.util.Arrays;
import java.util.Optional;

/** What no reader may ever see, whoever was killed: checked at each write. */
final class Taken {

  private Taken() {}

  /** A batch changes never, a published figure only upwards. */
  static void check(String map, String key, Optional<SharedMap.Entry> before, byte[] value) {
    if (before.isEmpty()) {
      return;
    }
    byte[] old = before.get().value();
    if (map.equals(FlightsMap.NAME) && !Arrays.equals(old, value)) {
      throw new AssertionError(key + " was written with other bytes");
    }
    if (map.equals(AirportsMap.NAME) && flights(value) < flights(old)) {
      throw new AssertionError("figures of " + key + " were taken back");
    }
  }

  private static long flights(byte[] figures) {
    AirportFigures parsed = AirportFigures.parse(figures);
    return parsed.departures() + parsed.arrivals();
  }
}
