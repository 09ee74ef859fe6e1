package io.nsm.samples.exporter;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.samples.flights.Airport;
import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.flights.ReportRow;
import io.nsm.samples.term.Steps;
import io.nsm.samples.term.WorkFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Waits until the figures are complete, writes the report, and is done. */
public final class Export implements Steps {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final AirportsMap figures;
  private final SharedMap progress;
  private final Airports airports;
  private final Path output;
  private final Term term;
  private final Runnable whenDone;

  public Export(
      AirportsMap figures,
      SharedMap progress,
      Airports airports,
      Path output,
      Term term,
      Runnable whenDone) {
    this.figures = figures;
    this.progress = progress;
    this.airports = airports;
    this.output = output;
    this.term = term;
    this.whenDone = whenDone;
  }

  @Override
  public Optional<Duration> step()
      throws TermEndedException, MapUnavailableException, WorkFailedException {
    Optional<Progress> reached = Progress.read(progress).filter(Progress::complete);
    if (reached.isEmpty()) {
      return Optional.of(LOOK_AGAIN);
    }
    SortedMap<String, AirportFigures> all = figures.all();
    if (!isWhole(all, reached.get())) {
      return Optional.of(LOOK_AGAIN);
    }
    try {
      ReportFile.write(output, report(all), term);
    } catch (IOException e) {
      throw new WorkFailedException("cannot write the report: " + e, e);
    }
    whenDone.run();
    return FINISHED;
  }

  /** Entries are read one by one; only if all flights are in them do they belong together. */
  private static boolean isWhole(SortedMap<String, AirportFigures> all, Progress reached) {
    long departures = all.values().stream().mapToLong(AirportFigures::departures).sum();
    long arrivals = all.values().stream().mapToLong(AirportFigures::arrivals).sum();
    return all.size() == reached.airports()
        && departures == reached.flights()
        && arrivals == reached.flights();
  }

  private String report(SortedMap<String, AirportFigures> all) {
    StringBuilder text = new StringBuilder(ReportRow.HEADER).append('\n');
    for (Map.Entry<String, AirportFigures> entry : all.entrySet()) {
      text.append(row(airports.get(entry.getKey()), entry.getValue()).toCsv()).append('\n');
    }
    return text.toString();
  }

  private static ReportRow row(Airport airport, AirportFigures figures) {
    return new ReportRow(
        airport.iata(),
        airport.name(),
        airport.city(),
        airport.state(),
        figures.departures(),
        figures.arrivals(),
        figures.meanDelay(),
        figures.maxDelay());
  }
}
