package io.nsm.samples.flights;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * One flight, as in a row {@code date,origin,destination,delay_min,distance_mi}.
 *
 * @param delayMinutes negative when it was early
 */
public record Flight(
    LocalDateTime date, String origin, String destination, int delayMinutes, int distanceMiles) {

  static final String HEADER = "date,origin,destination,delay_min,distance_mi";

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final Pattern CODE = Pattern.compile("[A-Z0-9]{3,4}");

  /** Reads one row; throws with the column at fault and what was expected there. */
  public static Flight parse(String row) throws MalformedRowException {
    String[] columns = row.split(",", -1);
    if (columns.length != 5) {
      throw new MalformedRowException(
          "expected 5 columns (" + HEADER + "), found " + columns.length);
    }
    return new Flight(
        date(columns[0]),
        code("origin", columns[1]),
        code("destination", columns[2]),
        number("delay_min", columns[3]),
        number("distance_mi", columns[4]));
  }

  private static LocalDateTime date(String text) throws MalformedRowException {
    try {
      return LocalDateTime.parse(text, DATE);
    } catch (DateTimeException e) {
      throw new MalformedRowException("date: expected yyyy-mm-dd hh:mm, found '" + text + "'", e);
    }
  }

  private static String code(String column, String text) throws MalformedRowException {
    if (!CODE.matcher(text).matches()) {
      throw new MalformedRowException(
          column + ": expected 3 or 4 capital letters or digits, found '" + text + "'");
    }
    return text;
  }

  private static int number(String column, String text) throws MalformedRowException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new MalformedRowException(
          column + ": expected a whole number, found '" + text + "'", e);
    }
  }
}
