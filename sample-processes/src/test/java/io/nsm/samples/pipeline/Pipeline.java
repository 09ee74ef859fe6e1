package io.nsm.samples.pipeline;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.samples.exporter.Export;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsFile;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.importer.Import;
import io.nsm.samples.term.Steps;
import io.nsm.samples.term.WorkFailedException;
import io.nsm.samples.transformer.Transformation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The whole pipeline in one thread: whose step is next, who is killed and who is replaced without
 * knowing it follow from the seed alone; time moves only when all wait.
 */
final class Pipeline {

  /** A run that takes more steps than this hangs. */
  private static final int MOST_STEPS = 20_000;

  private static final Duration PAUSE_IN_DOUBT = Duration.ofMillis(20);
  private static final List<String> PROCESSES = List.of("importer", "transformer", "exporter");

  /** From one batch at a time, with waiting between, to all of them at once. */
  private static final List<Long> RATES = List.of(200L, 2_000L, 0L);

  private final FlightsFile input;
  private final Path output;
  private final Faults faults;
  private final MemoryCluster cluster;
  private final Airports airports;
  private final long rowsPerSecond;
  private final List<Actor> actors = new ArrayList<>();
  private long now;
  private boolean done;
  private int replaced;

  private static final class Actor {
    final String process;
    final Steps steps;
    boolean current = true;
    long due;

    Actor(String process, Steps steps, long due) {
      this.process = process;
      this.steps = steps;
      this.due = due;
    }
  }

  Pipeline(FlightsFile input, Path output, long seed, boolean fencing) throws IOException {
    this.input = input;
    this.output = output;
    this.faults = new Faults(seed);
    this.cluster = new MemoryCluster(faults, fencing);
    this.airports = Airports.shipped();
    this.rowsPerSecond = RATES.get(faults.pick(RATES.size()));
  }

  /** Runs until the exporter is done. */
  void run() throws WorkFailedException {
    PROCESSES.forEach(this::promote);
    for (int step = 0; !done; step++) {
      if (step == MOST_STEPS) {
        throw new AssertionError("no report after " + MOST_STEPS + " steps");
      }
      Actor actor = nextDue();
      if (actor.current && faults.replacedAndUnaware()) {
        replaced++;
        promote(actor.process);
      }
      take(actor);
    }
    actors.forEach(actor -> actor.steps.close());
  }

  int kills() {
    return cluster.kills();
  }

  int replaced() {
    return replaced;
  }

  private void take(Actor actor) throws WorkFailedException {
    try {
      Optional<Duration> wait = actor.steps.step();
      if (wait.isEmpty()) {
        end(actor);
      } else {
        actor.due = now + wait.get().toNanos();
      }
    } catch (MapUnavailableException | SaveUnknownException e) {
      actor.due = now + PAUSE_IN_DOUBT.toNanos();
    } catch (TermEndedException e) {
      end(actor);
    } catch (KilledError e) {
      end(actor);
      if (actor.current) {
        promote(actor.process);
      }
    }
  }

  private Actor nextDue() {
    List<Actor> ready = actors.stream().filter(actor -> actor.due <= now).toList();
    if (ready.isEmpty()) {
      now = actors.stream().mapToLong(actor -> actor.due).min().orElseThrow();
      ready = actors.stream().filter(actor -> actor.due <= now).toList();
    }
    return ready.get(faults.pick(ready.size()));
  }

  private void end(Actor actor) {
    actor.steps.close();
    actors.remove(actor);
  }

  private void promote(String process) {
    actors.stream().filter(a -> a.process.equals(process)).forEach(a -> a.current = false);
    actors.add(new Actor(process, work(process, cluster.grant(process)), now));
  }

  private Steps work(String process, Term term) {
    FlightsMap flights = new FlightsMap(cluster.map(FlightsMap.NAME));
    AirportsMap figures = new AirportsMap(cluster.map(AirportsMap.NAME));
    return switch (process) {
      case "importer" -> new Import(input, rowsPerSecond, flights, term, () -> now);
      case "transformer" ->
          new Transformation(flights, figures, cluster.map(Progress.MAP), term, () -> now);
      default ->
          new Export(figures, cluster.map(Progress.MAP), airports, output, term, () -> done = true);
    };
  }
}
