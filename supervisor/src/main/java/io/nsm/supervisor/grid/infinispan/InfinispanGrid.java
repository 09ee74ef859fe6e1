package io.nsm.supervisor.grid.infinispan;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.quorum.QuorumGrid;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts the grid of a host, with Infinispan as the memory and disk of a voter. */
public final class InfinispanGrid {
  private InfinispanGrid() {}

  /**
   * Joins the grid. The channel must be the grid's own and stays the caller's to close, after the
   * grid.
   *
   * @param failed is told, once, when a write to the disk failed: this voter can go on only when it
   *     has opened its store anew
   */
  public static Grid start(GridConfig config, Channel channel, Consumer<Throwable> failed) {
    if (!config.voters().contains(channel.self())) {
      return new QuorumGrid(channel, config.voters(), Optional.empty());
    }
    InfinispanStore store = InfinispanStore.open(config.directory(), failed);
    return new QuorumGrid(
        channel,
        config.voters(),
        Optional.of(new QuorumGrid.Disks(store.checkpoints(), store.maps(), config.fresh())));
  }
}
