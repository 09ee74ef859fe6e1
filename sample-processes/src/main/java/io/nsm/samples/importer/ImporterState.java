package io.nsm.samples.importer;

import io.nsm.samples.flights.Fields;
import io.nsm.samples.flights.Position;
import java.util.List;

/** What the importer saves: where the first batch begins that is not known to be in the map. */
record ImporterState(Position position) {

  static final ImporterState START = new ImporterState(Position.START);

  private static final String KIND = "importer 1";

  byte[] toBytes() {
    return Fields.write(
        KIND,
        List.of(
            "offset=" + position.offset(), "line=" + position.line(), "batch=" + position.batch()));
  }

  static ImporterState parse(byte[] bytes) {
    Fields fields = Fields.read(KIND, bytes);
    return new ImporterState(
        new Position(fields.number("offset"), fields.number("line"), fields.number("batch")));
  }
}
