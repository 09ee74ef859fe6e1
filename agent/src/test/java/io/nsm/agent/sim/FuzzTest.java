package io.nsm.agent.sim;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FuzzTest {
  private static final long SEEDS = Long.getLong("nsm.sim.seeds", 300);
  private static final long FROM = Long.getLong("nsm.sim.from", 1);

  @Test
  void keeps_every_invariant_whatever_breaks_and_ends_as_declared() {
    LongStream.range(FROM, FROM + SEEDS).parallel().forEach(Simulation::run);
  }
}
