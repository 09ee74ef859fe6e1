package io.nsm.samples.flights;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a file of flights batch by batch, checking every row. */
public final class BatchReader implements Closeable {

  /** The longest line accepted, in bytes. */
  static final int MAX_LINE = 1024;

  private final String name;
  private final InputStream in;
  private Position position;
  private long offset;
  private long line;

  private BatchReader(String name, InputStream in, Position position) {
    this.name = name;
    this.in = in;
    this.position = position;
    this.offset = position.offset();
    this.line = position.line();
  }

  static BatchReader open(FlightsFile file, Position position)
      throws IOException, MalformedRowException {
    BatchReader reader =
        new BatchReader(file.name(), new BufferedInputStream(file.open()), position);
    try {
      reader.skipToPosition();
      return reader;
    } catch (IOException | MalformedRowException e) {
      reader.close();
      throw e;
    }
  }

  /** Where the next batch begins. */
  public Position position() {
    return position;
  }

  /** The next batch; none at the end of the file. */
  public Optional<Batch> next() throws IOException, MalformedRowException {
    List<String> rows = new ArrayList<>(Batch.ROWS);
    while (rows.size() < Batch.ROWS) {
      Optional<String> row = readLine();
      if (row.isEmpty()) {
        break;
      }
      check(row.get());
      rows.add(row.get());
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Position next = new Position(offset, line, position.batch() + 1);
    Batch batch = new Batch(position.batch(), rows, next);
    position = next;
    return Optional.of(batch);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void skipToPosition() throws IOException, MalformedRowException {
    if (position.offset() > 0) {
      try {
        in.skipNBytes(position.offset());
      } catch (EOFException e) {
        throw new EOFException(
            name
                + ": shorter than the "
                + position.offset()
                + " bytes read before; was it replaced?");
      }
      return;
    }
    String header = readLine().orElse("");
    if (!header.equals(Flight.HEADER)) {
      throw new MalformedRowException(
          name + ":1: expected the header " + Flight.HEADER + ", found '" + header + "'");
    }
    position = new Position(offset, line, 0);
  }

  private void check(String row) throws MalformedRowException {
    try {
      Flight.parse(row);
    } catch (MalformedRowException e) {
      throw new MalformedRowException(name + ":" + (line - 1) + ": " + e.getMessage(), e);
    }
  }

  private Optional<String> readLine() throws IOException, MalformedRowException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    for (; b >= 0; b = in.read()) {
      offset++;
      if (b == '\n') {
        break;
      }
      if (bytes.size() == MAX_LINE) {
        throw new MalformedRowException(
            name + ":" + line + ": longer than " + MAX_LINE + " bytes; is this a file of flights?");
      }
      bytes.write(b);
    }
    line++;
    String text = bytes.toString(StandardCharsets.UTF_8);
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
