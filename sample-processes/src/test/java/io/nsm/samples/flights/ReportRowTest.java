package io.nsm.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportRowTest {

  @Test
  void quotes_names_with_commas_and_quotes_as_they_came() throws IOException {
    Airport airport = Airports.shipped().get("DBN");

    assertThat(row(airport, AirportFigures.NONE).toCsv())
        .isEqualTo("DBN,\"W. H. \"\"Bud\"\" Barron\",Dublin,GA,0,0,,");
  }

  @Test
  void leaves_the_name_of_an_unknown_airport_empty() throws IOException {
    Airport airport = Airports.shipped().get("QQQ");

    assertThat(row(airport, AirportFigures.NONE.withArrival()).toCsv()).isEqualTo("QQQ,,,,0,1,,");
  }

  @Test
  void rounds_halves_of_a_hundredth_away_from_zero() {
    assertThat(mean(1, 200)).contains(new BigDecimal("0.01"));
    assertThat(mean(-1, 200)).contains(new BigDecimal("-0.01"));
    assertThat(mean(-499, 1_000)).contains(new BigDecimal("-0.50"));
    assertThat(mean(1, 3)).contains(new BigDecimal("0.33"));
  }

  private static Optional<BigDecimal> mean(long sum, long departures) {
    return new AirportFigures(departures, 0, sum, OptionalInt.of(0)).meanDelay();
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
