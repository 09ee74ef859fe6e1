package io.nsm.samples.exporter;

import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.runtime.NsmRuntime;
import io.nsm.samples.Options;
import io.nsm.samples.flights.Airports;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.term.Activity;
import io.nsm.samples.term.TermWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the report once: {@code --output FILE}. */
public final class Exporter extends Activity {

  public static void main(String[] args) {
    NsmRuntime.run(new Exporter(), args);
  }

  @Override
  protected TermWork prepare(ProcessContext context) throws IOException {
    Path output =
        Options.parse(context.args(), "--output")
            .text("--output")
            .map(text -> Path.of(text).toAbsolutePath())
            .orElseThrow(() -> new IllegalArgumentException("--output: a file must be given"));
    Path directory = output.resolveSibling("");
    if (!Files.isWritable(directory)) {
      throw new IOException(directory + ": no such directory, or not writable");
    }
    Airports airports = Airports.shipped();
    AirportsMap figures = new AirportsMap(context.map(AirportsMap.NAME));
    SharedMap progress = context.map(Progress.MAP);
    return term -> new Export(figures, progress, airports, output, term, context::complete);
  }
}
