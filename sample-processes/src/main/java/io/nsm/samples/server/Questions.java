package io.nsm.samples.server;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SharedMap;
import io.nsm.samples.flights.Airport;
import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.Progress;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers {@code /airports/CODE}, {@code /airports?top=N} (the N with most departures), {@code
 * /progress} and {@code /ready} from the shared maps.
 */
final class Questions {

  private static final String AIRPORTS = "/airports";
  private static final int TOP = 10;
  private static final int MOST = 10_000;

  private final AirportsMap figures;
  private final FlightsMap flights;
  private final SharedMap progress;
  private final Airports airports;

  Questions(AirportsMap figures, FlightsMap flights, SharedMap progress, Airports airports) {
    this.figures = figures;
    this.flights = flights;
    this.progress = progress;
    this.airports = airports;
  }

  Answer answer(String method, URI uri) {
    if (!method.equals("GET")) {
      return Answer.error(405, method + ": only GET is understood");
    }
    try {
      return answer(uri);
    } catch (MapUnavailableException e) {
      return Answer.error(503, "the shared maps cannot be reached: " + e.getMessage());
    }
  }

  private Answer answer(URI uri) throws MapUnavailableException {
    String path = uri.getPath();
    if (path.startsWith(AIRPORTS + "/")) {
      return airport(path.substring(AIRPORTS.length() + 1));
    }
    return switch (path) {
      case AIRPORTS -> top(Optional.ofNullable(uri.getQuery()));
      case "/progress" -> progress();
      case "/ready" -> ready();
      default ->
          Answer.error(404, path + ": try /airports/ATL, /airports?top=10, /progress or /ready");
    };
  }

  private Answer airport(String code) throws MapUnavailableException {
    if (code.isEmpty() || code.length() > 4) {
      return Answer.error(404, "'" + code + "': an airport's code has 3 or 4 characters");
    }
    return figures
        .get(code)
        .map(found -> Answer.ok(json(code, found)))
        .orElseGet(() -> Answer.error(404, code + ": no flights known from or to it so far"));
  }

  private Answer top(Optional<String> query) throws MapUnavailableException {
    int top;
    try {
      top = query.map(Questions::top).orElse(TOP);
    } catch (IllegalArgumentException e) {
      return Answer.error(400, query.orElse("") + ": expected top=N with N from 1 to " + MOST);
    }
    List<Json> most =
        figures.all().entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<String, AirportFigures> airport) ->
                            airport.getValue().departures())
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(top)
            .map(airport -> json(airport.getKey(), airport.getValue()))
            .toList();
    return Answer.ok(new Json().with("airports", most));
  }

  private static int top(String query) {
    if (!query.startsWith("top=")) {
      throw new IllegalArgumentException(query);
    }
    int top = Integer.parseInt(query.substring("top=".length()));
    if (top < 1 || top > MOST) {
      throw new IllegalArgumentException(query);
    }
    return top;
  }

  private Answer progress() throws MapUnavailableException {
    Progress reached = Progress.read(progress).orElse(new Progress(0, 0, 0, false));
    OptionalLong total = flights.total();
    return Answer.ok(
        new Json()
            .with("batches", reached.batches())
            .with(
                "totalBatches",
                total.isPresent() ? Optional.of(total.getAsLong()) : Optional.empty())
            .with("flights", reached.flights())
            .with("airports", reached.airports())
            .with("complete", reached.complete()));
  }

  private Answer ready() throws MapUnavailableException {
    Progress.read(progress);
    return Answer.ok(new Json().with("ready", true));
  }

  private Json json(String code, AirportFigures figures) {
    Airport airport = airports.get(code);
    Optional<Integer> max =
        figures.maxDelay().isPresent()
            ? Optional.of(figures.maxDelay().getAsInt())
            : Optional.empty();
    return new Json()
        .with("iata", code)
        .with("name", airport.name())
        .with("city", airport.city())
        .with("state", airport.state())
        .with("departures", figures.departures())
        .with("arrivals", figures.arrivals())
        .with("meanDelayMin", figures.meanDelay())
        .with("maxDelayMin", max);
  }
}
