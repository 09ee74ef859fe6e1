package io.nsm.samples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.samples.flights.AirportFigures;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.pipeline.MemoryCluster;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuestionsTest {

  private final MemoryCluster cluster = MemoryCluster.calm();
  private final AirportsMap figures = new AirportsMap(cluster.map(AirportsMap.NAME));
  private final FlightsMap flights = new FlightsMap(cluster.map(FlightsMap.NAME));
  private final SharedMap progress = cluster.map(Progress.MAP);

  @BeforeEach
  void two_airports_are_known() throws Exception {
    Term term = cluster.grant("transformer");
    figures.write("LAS", AirportFigures.NONE.withArrival(), term);
    figures.write("DTW", AirportFigures.NONE.withDeparture(66).withDeparture(-1), term);
    new Progress(3, 2, 2, false).write(progress, term);
    flights.writeTotal(200, cluster.grant("importer"));
  }

  @Test
  void answers_one_airport() throws Exception {
    assertThat(ask("/airports/DTW"))
        .isEqualTo(
            "200 {\"iata\":\"DTW\",\"name\":\"Detroit Metropolitan-Wayne County\","
                + "\"city\":\"Detroit\",\"state\":\"MI\",\"departures\":2,\"arrivals\":0,"
                + "\"meanDelayMin\":32.50,\"maxDelayMin\":66}");
  }

  @Test
  void answers_null_for_the_delays_of_an_airport_without_departures() throws Exception {
    assertThat(ask("/airports/LAS")).endsWith("\"meanDelayMin\":null,\"maxDelayMin\":null}");
  }

  @Test
  void answers_the_airports_with_most_departures_first() throws Exception {
    assertThat(ask("/airports?top=1")).contains("DTW").doesNotContain("LAS");
    assertThat(ask("/airports")).containsSubsequence("DTW", "LAS");
  }

  @Test
  void answers_how_far_it_is() throws Exception {
    assertThat(ask("/progress"))
        .isEqualTo(
            "200 {\"batches\":3,\"totalBatches\":200,\"flights\":2,\"airports\":2,\"complete\":false}");
    assertThat(ask("/ready")).isEqualTo("200 {\"ready\":true}");
  }

  @Test
  void says_what_is_wrong_with_a_question() throws Exception {
    assertThat(ask("/airports/QQQ")).startsWith("404 ").contains("no flights known");
    assertThat(ask("/airports/%22%0A")).startsWith("404 ").contains("\\\"\\u000a");
    assertThat(ask("/airports?top=0")).startsWith("400 ").contains("expected top=N");
    assertThat(ask("/airports?max=1")).startsWith("400 ").contains("expected top=N");
    assertThat(ask("/")).startsWith("404 ").contains("/airports?top=10");
    assertThat(answer("POST", "/airports")).startsWith("405 ");
  }

  private String ask(String uri) throws Exception {
    return answer("GET", uri);
  }

  private String answer(String method, String uri) throws Exception {
    Answer answer =
        new Questions(figures, flights, progress, Airports.shipped())
            .answer(method, URI.create(uri));
    return answer.status() + " " + answer.body();
  }
}
