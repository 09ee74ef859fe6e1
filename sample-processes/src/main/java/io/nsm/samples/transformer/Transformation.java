package io.nsm.samples.transformer;

import io.nsm.process.Checkpoint;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.Batch;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.MalformedRowException;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.term.Steps;
import io.nsm.samples.term.WorkFailedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Adds up batches in order, saves the sums, then publishes them. Only what was saved is published:
 * so a successor, which starts from the last save, never takes a published figure back.
 */
public final class Transformation implements Steps {

  /** At most so many batches are added up without a save. */
  static final int SAVE_EVERY = 5;

  /** At most so often figures are published, and saved while waiting for more. */
  static final Duration PUBLISH_EVERY = Duration.ofMillis(500);

  private static final Duration LOOK_FOR_MORE = Duration.ofMillis(20);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final FlightsMap flights;
  private final AirportsMap airports;
  private final SharedMap progress;
  private final Term term;
  private final LongSupplier nanoTime;

  private Aggregates sums;
  private int unsaved;
  private boolean complete;

  /** What is known to be in the map; absent until it was read. */
  private Optional<Map<String, AirportFigures>> published = Optional.empty();

  private Optional<Progress> publishedProgress = Optional.empty();
  private long lastPublished;

  public Transformation(
      FlightsMap flights,
      AirportsMap airports,
      SharedMap progress,
      Term term,
      LongSupplier nanoTime) {
    this.flights = flights;
    this.airports = airports;
    this.progress = progress;
    this.term = term;
    this.nanoTime = nanoTime;
    this.lastPublished = nanoTime.getAsLong();
    this.sums =
        term.lastCheckpoint()
            .map(Checkpoint::state)
            .map(Aggregates::parse)
            .orElse(Aggregates.EMPTY);
  }

  @Override
  public Optional<Duration> step()
      throws TermEndedException,
          MapUnavailableException,
          SaveUnknownException,
          WorkFailedException {
    if (unsaved >= SAVE_EVERY) {
      save();
    }
    if (published.isEmpty() || (unsaved == 0 && isDue())) {
      publishSaved();
    }
    if (!complete && addNext()) {
      return AT_ONCE;
    }
    complete = complete || isAtTheEnd();
    if (unsaved > 0 && (complete || isDue())) {
      save();
    }
    if (unsaved == 0 && (complete || isDue())) {
      publishSaved();
    }
    return Optional.of(complete ? LOOK_AGAIN : LOOK_FOR_MORE);
  }

  private boolean addNext() throws MapUnavailableException, WorkFailedException {
    Optional<byte[]> next = flights.batch(sums.batches());
    if (next.isEmpty()) {
      return false;
    }
    try {
      sums = sums.plus(Batch.flights(next.get()));
    } catch (MalformedRowException e) {
      throw new WorkFailedException(
          "batch " + sums.batches() + " of the map " + FlightsMap.NAME + ": " + e.getMessage(), e);
    }
    unsaved++;
    return true;
  }

  private boolean isAtTheEnd() throws MapUnavailableException, WorkFailedException {
    OptionalLong total = flights.total();
    if (total.isPresent() && total.getAsLong() < sums.batches()) {
      throw new WorkFailedException(
          sums.batches()
              + " batches were added up, but the importer's file has only "
              + total.getAsLong()
              + "; was it replaced?");
    }
    return total.equals(OptionalLong.of(sums.batches()));
  }

  private void save() throws TermEndedException, SaveUnknownException {
    term.save(sums.toBytes());
    unsaved = 0;
  }

  private boolean isDue() {
    return nanoTime.getAsLong() - lastPublished >= PUBLISH_EVERY.toNanos();
  }

  private void publishSaved() throws TermEndedException, MapUnavailableException {
    Map<String, AirportFigures> known = knownToBePublished();
    for (Map.Entry<String, AirportFigures> airport : sums.airports().entrySet()) {
      if (!airport.getValue().equals(known.get(airport.getKey()))) {
        term.ensureActive();
        airports.write(airport.getKey(), airport.getValue(), term);
        known.put(airport.getKey(), airport.getValue());
      }
    }
    Progress now = new Progress(sums.batches(), sums.flights(), sums.airports().size(), complete);
    if (!publishedProgress.equals(Optional.of(now))) {
      term.ensureActive();
      now.write(progress, term);
      publishedProgress = Optional.of(now);
    }
    lastPublished = nanoTime.getAsLong();
  }

  /**
   * The maps are read at the beginning of a term, and again whenever the progress is not what was
   * written or nothing else is to do: shared maps live in memory and are empty after a restart of
   * the whole cluster, which may happen between any two writes.
   */
  private Map<String, AirportFigures> knownToBePublished() throws MapUnavailableException {
    Optional<Progress> found = Progress.read(progress);
    if (published.isEmpty() || complete || !found.equals(publishedProgress)) {
      published = Optional.of(new HashMap<>(airports.all()));
      publishedProgress = found;
    }
    return published.get();
  }
}
