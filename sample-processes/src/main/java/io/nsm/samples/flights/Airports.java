package io.nsm.samples.flights;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The airports that come with the samples, by code. */
public final class Airports {

  private static final String FILE = "airports.csv";
  private static final String HEADER = "iata,name,city,state,country,latitude,longitude";

  private final Map<String, Airport> byCode;

  private Airports(Map<String, Airport> byCode) {
    this.byCode = Map.copyOf(byCode);
  }

  public static Airports shipped() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Shipped.open(FILE), StandardCharsets.UTF_8))) {
      return parse(reader.lines().toList());
    }
  }

  /** The airport with this code; {@link Airport#unknown} if there is none. */
  public Airport get(String iata) {
    return byCode.getOrDefault(iata, Airport.unknown(iata));
  }

  static Airports parse(List<String> lines) throws IOException {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IOException(FILE + ":1: expected the header " + HEADER);
    }
    Map<String, Airport> byCode = new HashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      List<String> columns = columns(lines.get(i));
      if (columns.size() != 7) {
        throw new IOException(
            FILE + ":" + (i + 1) + ": expected 7 columns, found " + columns.size());
      }
      Airport airport = new Airport(columns.get(0), columns.get(1), columns.get(2), columns.get(3));
      byCode.put(airport.iata(), airport);
    }
    return new Airports(byCode);
  }

  /** The columns of a row in which quotes may enclose commas, and doubled quotes stand for one. */
  private static List<String> columns(String row) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (quoted && c == '"' && i + 1 < row.length() && row.charAt(i + 1) == '"') {
        column.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        columns.add(column.toString());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString());
    return columns;
  }
}
