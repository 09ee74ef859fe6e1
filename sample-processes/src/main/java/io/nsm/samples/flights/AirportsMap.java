package io.nsm.samples.flights;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shared map {@code airports}: the figures of each airport under its code. */
public record AirportsMap(SharedMap map) {

  public static final String NAME = "airports";

  public Optional<AirportFigures> get(String code) throws MapUnavailableException {
    return map.get(code).map(entry -> AirportFigures.parse(entry.value()));
  }

  /** All airports, by code. */
  public SortedMap<String, AirportFigures> all() throws MapUnavailableException {
    SortedMap<String, AirportFigures> all = new TreeMap<>();
    for (SharedMap.Entry entry : map.list("")) {
      all.put(entry.key(), AirportFigures.parse(entry.value()));
    }
    return all;
  }

  public void write(String code, AirportFigures figures, Term term)
      throws MapUnavailableException, TermEndedException {
    map.put(code, figures.toBytes(), term);
  }
}
