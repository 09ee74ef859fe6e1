package io.nsm.samples.flights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of flights: the one that comes with the samples, or one of the user's. */
public record FlightsFile(Optional<Path> path) {

  private static final String SHIPPED = "flights-2001.csv";

  public static FlightsFile shipped() {
    return new FlightsFile(Optional.empty());
  }

  public static FlightsFile at(Path path) {
    return new FlightsFile(Optional.of(path));
  }

  /** Its name for messages. */
  public String name() {
    return path.map(Path::toString).orElse(SHIPPED);
  }

  public InputStream open() throws IOException {
    if (path.isPresent()) {
      if (!Files.isReadable(path.get())) {
        throw new FileNotFoundException(path.get() + ": no such file, or not readable");
      }
      return Files.newInputStream(path.get());
    }
    return Shipped.open(SHIPPED);
  }

  /** A reader that goes on at a position reached earlier in the same file. */
  public BatchReader readFrom(Position position) throws IOException, MalformedRowException {
    return BatchReader.open(this, position);
  }
}
