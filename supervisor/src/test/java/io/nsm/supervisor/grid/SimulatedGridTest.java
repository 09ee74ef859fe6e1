package io.nsm.supervisor.grid;

import static io.nsm.supervisor.grid.Grids.A;
import static io.nsm.supervisor.grid.Grids.ALL;
import static io.nsm.supervisor.grid.Grids.perform;
import static io.nsm.supervisor.grid.Grids.put;
import static io.nsm.supervisor.grid.Grids.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.grid.Grids.Hosts;
import io.nsm.supervisor.model.HostName;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedGridTest extends GridContract {
  @Override
  protected Hosts start(Set<HostName> voters) {
    SimulatedGrid grid = new SimulatedGrid(voters, (from, to) -> true, Runnable::run);
    return new Hosts() {
      @Override
      public Grid on(HostName host) {
        return grid.on(host);
      }

      @Override
      public void stop(HostName host) {
        grid.stop(host);
      }

      @Override
      public void start(HostName host) {
        grid.start(host);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void can_lose_the_answer_to_a_write_that_took_place() {
    SimulatedGrid grid = new SimulatedGrid(ALL, (from, to) -> true, Runnable::run);
    grid.loseAnswers(1);
    assertThat(perform(grid.on(A), put("k", "1"))).isInstanceOf(MapResult.Unknown.class);
    assertThat(read(grid.on(A), "k")).contains("1");
  }
}
