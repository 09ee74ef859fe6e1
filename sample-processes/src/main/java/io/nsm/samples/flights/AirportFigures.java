package io.nsm.samples.flights;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of an airport. Delays are those of its departures, in minutes; early ones are
 * negative.
 *
 * @param delaySum over all departures
 * @param maxDelay absent if and only if there are no departures
 */
public record AirportFigures(long departures, long arrivals, long delaySum, OptionalInt maxDelay) {

  public static final AirportFigures NONE = new AirportFigures(0, 0, 0, OptionalInt.empty());

  public AirportFigures {
    if (departures < 0 || arrivals < 0 || maxDelay.isPresent() != departures > 0) {
      throw new IllegalArgumentException(
          departures + " departures, " + arrivals + " arrivals, greatest delay " + maxDelay);
    }
  }

  public AirportFigures withDeparture(int delayMinutes) {
    return new AirportFigures(
        departures + 1,
        arrivals,
        Math.addExact(delaySum, delayMinutes),
        OptionalInt.of(Math.max(maxDelay.orElse(delayMinutes), delayMinutes)));
  }

  public AirportFigures withArrival() {
    return new AirportFigures(departures, arrivals + 1, delaySum, maxDelay);
  }

  /** Two decimal places, halves away from zero; none without departures. */
  public Optional<BigDecimal> meanDelay() {
    return departures == 0
        ? Optional.empty()
        : Optional.of(
            BigDecimal.valueOf(delaySum)
                .divide(BigDecimal.valueOf(departures), 2, RoundingMode.HALF_UP));
  }

  /** {@code departures,arrivals,delaySum,maxDelay}, the last one empty if absent. */
  public String toText() {
    String max = maxDelay.isPresent() ? Integer.toString(maxDelay.getAsInt()) : "";
    return departures + "," + arrivals + "," + delaySum + "," + max;
  }

  public byte[] toBytes() {
    return toText().getBytes(StandardCharsets.UTF_8);
  }

  public static AirportFigures parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not figures of an airport: '" + text + "'");
    }
    return new AirportFigures(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        parts[3].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[3])));
  }

  public static AirportFigures parse(byte[] bytes) {
    return parse(new String(bytes, StandardCharsets.UTF_8));
  }
}
