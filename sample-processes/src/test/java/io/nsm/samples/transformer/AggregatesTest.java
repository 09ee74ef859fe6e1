package io.nsm.samples.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.samples.flights.Flight;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregatesTest {

  @Test
  void goes_through_its_bytes_unchanged() throws Exception {
    Aggregates sums =
        Aggregates.EMPTY.plus(
            List.of(
                Flight.parse("2001-01-01 00:47,DTW,LAS,-6,1750"),
                Flight.parse("2001-01-01 00:48,DTW,DTW,7,1")));

    assertThat(new String(sums.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo("transformer 1\n1,2\nDTW,2,1,1,7\nLAS,0,1,0,\n");
    assertThat(Aggregates.parse(sums.toBytes())).isEqualTo(sums);
    assertThat(Aggregates.parse(Aggregates.EMPTY.toBytes())).isEqualTo(Aggregates.EMPTY);
  }

  @Test
  void refuses_the_bytes_of_another_version() {
    assertThatThrownBy(() -> Aggregates.parse("transformer 2\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("expected 'transformer 1', found 'transformer 2'");
  }
}
