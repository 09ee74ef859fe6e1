package io.nsm.samples.transformer;

import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.runtime.NsmRuntime;
import io.nsm.samples.Options;
import io.nsm.samples.flights.AirportsMap;
import io.nsm.samples.flights.FlightsMap;
import io.nsm.samples.flights.Progress;
import io.nsm.samples.term.Activity;
import io.nsm.samples.term.TermWork;

/** Adds up flights per airport. It has no options. */
public final class Transformer extends Activity {

  public static void main(String[] args) {
    NsmRuntime.run(new Transformer(), args);
  }

  @Override
  protected TermWork prepare(ProcessContext context) {
    Options.parse(context.args());
    FlightsMap flights = new FlightsMap(context.map(FlightsMap.NAME));
    AirportsMap airports = new AirportsMap(context.map(AirportsMap.NAME));
    SharedMap progress = context.map(Progress.MAP);
    return term -> new Transformation(flights, airports, progress, term, System::nanoTime);
  }
}
