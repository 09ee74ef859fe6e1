package io.nsm.samples.reference;

import io.nsm.samples.Options;
import io.nsm.samples.flights.ReportRow;
import io.nsm.samples.flights.Shipped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Computes the report in one thread straight from a file of flights and prints it: {@code --input
 * FILE} (default: the shipped one). Shares nothing with the samples' way to it but the form of a
 * row of the report: it keeps all delays of an airport and sorts and sums them in the end.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException {
    Optional<String> input = Options.parse(List.of(args), "--input").text("--input");
    try (BufferedReader flights = new BufferedReader(open(input));
        BufferedReader airports =
            new BufferedReader(
                new InputStreamReader(Shipped.open("airports.csv"), StandardCharsets.UTF_8))) {
      System.out.write(report(flights, airports).getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    }
  }

  /** The report on some flights. */
  public static String report(BufferedReader flights, BufferedReader airports) throws IOException {
    Map<String, String[]> places = places(airports);
    TreeMap<String, int[]> delays = new TreeMap<>();
    Map<String, Long> arrivals = new HashMap<>();
    flights.readLine();
    for (String row = flights.readLine(); row != null; row = flights.readLine()) {
      String[] flight = row.split(",");
      int[] before = delays.getOrDefault(flight[1], new int[0]);
      int[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = Integer.parseInt(flight[3]);
      delays.put(flight[1], after);
      arrivals.merge(flight[2], 1L, Long::sum);
    }
    TreeSet<String> codes = new TreeSet<>(delays.keySet());
    codes.addAll(arrivals.keySet());
    StringBuilder report = new StringBuilder(ReportRow.HEADER + "\n");
    for (String code : codes) {
      String[] place = places.getOrDefault(code, new String[] {code, "", "", ""});
      int[] late = delays.getOrDefault(code, new int[0]);
      Arrays.sort(late);
      report
          .append(
              new ReportRow(
                      code,
                      place[1],
                      place[2],
                      place[3],
                      late.length,
                      arrivals.getOrDefault(code, 0L),
                      mean(late),
                      late.length == 0
                          ? OptionalInt.empty()
                          : OptionalInt.of(late[late.length - 1]))
                  .toCsv())
          .append('\n');
    }
    return report.toString();
  }

  /** In hundredths, by whole numbers only: halves away from zero. */
  private static Optional<BigDecimal> mean(int[] late) {
    if (late.length == 0) {
      return Optional.empty();
    }
    long hundredths = 100 * Arrays.stream(late).asLongStream().sum();
    long rounded = (2 * Math.abs(hundredths) + late.length) / (2L * late.length);
    return Optional.of(BigDecimal.valueOf(Long.signum(hundredths) * rounded, 2));
  }

  private static Map<String, String[]> places(BufferedReader airports) throws IOException {
    Map<String, String[]> places = new HashMap<>();
    airports.readLine();
    for (String row = airports.readLine(); row != null; row = airports.readLine()) {
      // Commas outside quotes have an even number of quotes behind them.
      String[] place = row.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
      for (int i = 0; i < place.length; i++) {
        if (place[i].startsWith("\"")) {
          place[i] = place[i].substring(1, place[i].length() - 1).replace("\"\"", "\"");
        }
      }
      places.put(place[0], place);
    }
    return places;
  }

  private static Reader open(Optional<String> input) throws IOException {
    return input.isPresent()
        ? Files.newBufferedReader(Path.of(input.get()))
        : new InputStreamReader(Shipped.open("flights-2001.csv"), StandardCharsets.UTF_8);
  }
}
