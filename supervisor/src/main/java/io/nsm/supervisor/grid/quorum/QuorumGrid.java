package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** The grid of one host over a channel and, on a voter, its disks. */
public final class QuorumGrid implements Grid {

  /**
   * What a voter keeps.
   *
   * @param fresh whether this voter never took part before, so that empty disks are no loss
   */
  public record Disks(Disk checkpoints, Disk maps, boolean fresh) {}

  private final ScheduledThreadPoolExecutor loop;
  private final ScheduledThreadPoolExecutor blocking;
  private final Optional<Disks> disks;
  private final Checkpoints checkpoints;
  private final SharedMaps maps;

  /**
   * @param disks on a voter, and only there; closed with the grid
   */
  public QuorumGrid(Channel channel, Set<HostName> voters, Optional<Disks> disks) {
    if (voters.contains(channel.self()) != disks.isPresent()) {
      throw new IllegalArgumentException("a voter, and nobody else, keeps the grid on disk");
    }
    this.loop = oneThread("nsm-grid");
    // Only after close; who asked is answered by the limit on every operation.
    loop.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    this.blocking = oneThread("nsm-grid-disk");
    this.disks = disks;
    Voters known = new Voters(channel, voters);
    this.checkpoints = new Checkpoints(known, disks.map(Disks::checkpoints), blocking);
    this.maps = new SharedMaps(known, disks, loop);
    known.follow(checkpoints::catchUp);
  }

  private static ScheduledThreadPoolExecutor oneThread(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  @Override
  public CompletionStage<Stored> store(CheckpointRef ref, byte[] bytes) {
    return checkpoints.store(ref, bytes);
  }

  @Override
  public CompletionStage<Found> find(CheckpointRef ref) {
    return checkpoints.find(ref);
  }

  @Override
  public CompletionStage<Void> removeOlder(
      CheckpointRef current, Optional<CheckpointRef> previous) {
    return checkpoints.removeOlder(current, previous);
  }

  @Override
  public CompletionStage<Stored> raiseFence(ProcessName process, Epoch epoch) {
    return maps.raiseFence(process, epoch);
  }

  @Override
  public CompletionStage<MapResult> perform(MapOperation operation) {
    return maps.perform(operation);
  }

  @Override
  public String health() {
    return maps.health();
  }

  /** This voter's part in the generations of the shared maps, for people. */
  public String generation() {
    return maps.state();
  }

  @Override
  public void close() {
    maps.close();
    loop.shutdown();
    blocking.shutdown();
    disks.ifPresent(
        each -> {
          each.checkpoints().close();
          each.maps().close();
        });
  }
}
