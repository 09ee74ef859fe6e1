package io.nsm.samples.flights;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One row of the report. The report is its header and one row per airport in order of the code,
 * each line ended by a line feed, in UTF-8.
 *
 * @param meanDelay in minutes over the departures, two decimal places, halves away from zero; empty
 *     without departures
 * @param maxDelay in minutes; empty without departures
 */
public record ReportRow(
    String iata,
    String name,
    String city,
    String state,
    long departures,
    long arrivals,
    Optional<BigDecimal> meanDelay,
    OptionalInt maxDelay) {

  public static final String HEADER =
      "iata,name,city,state,departures,arrivals,mean_delay_min,max_delay_min";

  /** The row without its line end; texts with commas or quotes are quoted. */
  public String toCsv() {
    return String.join(
        ",",
        quoted(iata),
        quoted(name),
        quoted(city),
        quoted(state),
        Long.toString(departures),
        Long.toString(arrivals),
        meanDelay.map(BigDecimal::toPlainString).orElse(""),
        maxDelay.isPresent() ? Integer.toString(maxDelay.getAsInt()) : "");
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
