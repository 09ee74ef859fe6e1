package io.nsm.samples.importer;

import io.nsm.process.ProcessContext;
import io.nsm.process.runtime.NsmRuntime;
import io.nsm.samples.Options;
import io.nsm.samples.flights.FlightsFile;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.term.Activity;
import io.nsm.samples.term.TermWork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Imports flights: {@code --input FILE} (default: the shipped one), {@code --rate ROWS_PER_SECOND}
 * (default: as fast as it goes).
 */
public final class Importer extends Activity {

  public static void main(String[] args) {
    NsmRuntime.run(new Importer(), args);
  }

  /** A file that is not there is noticed now rather than at a promotion. */
  @Override
  protected TermWork prepare(ProcessContext context) throws IOException {
    Options options = Options.parse(context.args(), "--input", "--rate");
    FlightsFile file =
        options
            .text("--input")
            .map(path -> FlightsFile.at(Path.of(path)))
            .orElse(FlightsFile.shipped());
    try (InputStream in = file.open()) {
      in.read();
    }
    long rowsPerSecond = options.number("--rate", 1, 0);
    FlightsMap flights = new FlightsMap(context.map(FlightsMap.NAME));
    return term -> new Import(file, rowsPerSecond, flights, term, System::nanoTime);
  }
}
