package io.nsm.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchReaderTest {

  private static final String ROW = "2001-01-01 00:47,DTW,LAS,66,1750\n";

  private final Path directory;

  BatchReaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void reads_every_flight_of_the_shipped_file_in_batches_of_100() throws Exception {
    List<Batch> batches = all(FlightsFile.shipped(), Position.START);

    assertThat(batches).hasSize(200).allSatisfy(batch -> assertThat(batch.rows()).hasSize(100));
    assertThat(batches.get(199).next().line()).isEqualTo(20_002);
  }

  @Test
  void reads_the_same_bytes_when_it_goes_on_at_any_position() throws Exception {
    List<Batch> whole = all(FlightsFile.shipped(), Position.START);

    for (int from : List.of(1, 17, 199)) {
      List<Batch> rest = all(FlightsFile.shipped(), whole.get(from - 1).next());
      assertThat(rest).isEqualTo(whole.subList(from, whole.size()));
      assertThat(rest.get(0).bytes()).isEqualTo(whole.get(from).bytes());
    }
  }

  @Test
  void reads_a_last_row_without_a_line_end_and_rows_with_two_character_line_ends()
      throws Exception {
    FlightsFile file = file(Flight.HEADER + "\r\n" + ROW.replace("\n", "\r\n") + ROW.strip());

    assertThat(all(file, Position.START))
        .singleElement()
        .satisfies(batch -> assertThat(new String(batch.bytes())).isEqualTo(ROW + ROW));
  }

  @Test
  void names_file_line_and_column_of_a_malformed_row() throws Exception {
    FlightsFile file = file(Flight.HEADER + "\n" + ROW + ROW.replace("66", "late"));

    assertThatThrownBy(() -> all(file, Position.START))
        .hasMessage(file.name() + ":3: delay_min: expected a whole number, found 'late'");
  }

  @Test
  void refuses_a_file_with_another_header() throws Exception {
    FlightsFile file = file("iata,name\n" + ROW);

    assertThatThrownBy(() -> all(file, Position.START))
        .hasMessage(
            file.name() + ":1: expected the header " + Flight.HEADER + ", found 'iata,name'");
  }

  @Test
  void refuses_a_line_too_long_for_a_row() throws Exception {
    FlightsFile file = file(Flight.HEADER + "\n" + "x".repeat(BatchReader.MAX_LINE + 1));

    assertThatThrownBy(() -> all(file, Position.START)).hasMessageContaining(":2: longer than");
  }

  @Test
  void refuses_a_file_shorter_than_the_position() throws Exception {
    FlightsFile file = file(Flight.HEADER + "\n" + ROW);

    assertThatThrownBy(() -> all(file, new Position(5_000, 150, 1)))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("was it replaced?");
  }

  private FlightsFile file(String text) throws IOException {
    return FlightsFile.at(Files.writeString(directory.resolve("flights.csv"), text));
  }

  private static List<Batch> all(FlightsFile file, Position from)
      throws IOException, MalformedRowException {
    try (BatchReader reader = file.readFrom(from)) {
      List<Batch> batches = new ArrayList<>();
      for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
        batches.add(next.get());
      }
      return batches;
    }
  }
}
