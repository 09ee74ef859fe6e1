package io.nsm.samples.importer;

import io.nsm.process.Checkpoint;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.samples.flights.Batch;
import io.nsm.samples.flights.BatchReader;
import io.nsm.samples.flights.FlightsFile;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.MalformedRowException;
import io.nsm.samples.flights.Position;
import io.nsm.samples.term.Steps;
import io.nsm.samples.term.WorkFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Writes the batches of a file to the map, saving its place after each. A batch is written before
 * its place is saved, so a successor may write one batch again: with the same bytes.
 *
 * <p>Shared maps live in memory and are empty after a restart of the whole cluster, while the saved
 * place is on disk. So before each write the first batch is looked for; if it is not there, all
 * batches are written anew.
 */
public final class Import implements Steps {

  /** How often a finished import looks whether its batches are still there. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final FlightsFile file;
  private final FlightsMap flights;
  private final Term term;
  private final Pace pace;
  private final LongSupplier nanoTime;

  private Position saved;
  private Optional<BatchReader> reader = Optional.empty();
  private Optional<Batch> pending = Optional.empty();

  public Import(
      FlightsFile file, long rowsPerSecond, FlightsMap flights, Term term, LongSupplier nanoTime) {
    this.file = file;
    this.flights = flights;
    this.term = term;
    this.nanoTime = nanoTime;
    this.pace = new Pace(rowsPerSecond, nanoTime.getAsLong());
    this.saved =
        term.lastCheckpoint()
            .map(Checkpoint::state)
            .map(ImporterState::parse)
            .orElse(ImporterState.START)
            .position();
  }

  @Override
  public Optional<Duration> step()
      throws TermEndedException,
          MapUnavailableException,
          SaveUnknownException,
          WorkFailedException {
    long wait = pace.nanosUntilDue(nanoTime.getAsLong());
    if (wait > 0) {
      return Optional.of(Duration.ofNanos(wait));
    }
    if (saved.batch() > 0 && flights.batch(0).isEmpty()) {
      startAnew();
    }
    if (pending.isEmpty()) {
      pending = read();
    }
    if (pending.isEmpty()) {
      return atTheEnd();
    }
    Batch batch = pending.get();
    flights.write(batch, term);
    term.save(new ImporterState(batch.next()).toBytes());
    saved = batch.next();
    pending = Optional.empty();
    pace.took(batch.rows().size(), nanoTime.getAsLong());
    return AT_ONCE;
  }

  @Override
  public void close() {
    try {
      if (reader.isPresent()) {
        reader.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Optional.empty();
  }

  private Optional<Duration> atTheEnd() throws TermEndedException, MapUnavailableException {
    if (!flights.total().equals(OptionalLong.of(saved.batch()))) {
      flights.writeTotal(saved.batch(), term);
    }
    return Optional.of(LOOK_AGAIN);
  }

  /** Saves that first: else a successor would find batch 0 there, and go on after the lost ones. */
  private void startAnew() throws TermEndedException, SaveUnknownException {
    term.save(ImporterState.START.toBytes());
    close();
    pending = Optional.empty();
    saved = Position.START;
  }

  private Optional<Batch> read() throws WorkFailedException {
    try {
      if (reader.isEmpty()) {
        reader = Optional.of(file.readFrom(saved));
      }
      return reader.get().next();
    } catch (MalformedRowException e) {
      throw new WorkFailedException(
          e.getMessage()
              + "; correct the file, the import goes on after batch "
              + (saved.batch() - 1),
          e);
    } catch (IOException e) {
      throw new WorkFailedException("cannot read the flights: " + e.getMessage(), e);
    }
  }
}
