package io.nsm.agent.node;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.infinispan.GridConfig;
import io.nsm.supervisor.grid.infinispan.InfinispanGrid;
import java.util.Arrays;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of the grid, which reads its store and so may take long; the agent does other things
 * meanwhile.
 */
final class GridStart {
  private static final Logger LOG = LoggerFactory.getLogger(GridStart.class);

  /** After this and each time again it is said what the start is at. */
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Gigabytes are read in this time; after it the next start does better. */
  private static final long HOPELESS_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final CompletableFuture<Grid> grid = new CompletableFuture<>();
  private final Consumer<Throwable> fatal;
  private final long begun;
  private long said;
  private boolean givenUp;

  /**
   * Begins.
   *
   * @param fresh whether this voter never took part before
   * @param fatal is told what the grid cannot go on after, now or later
   * @param now of the agent's clock, in nanoseconds
   */
  GridStart(
      AgentConfig config, Channel channel, boolean fresh, Consumer<Throwable> fatal, long now) {
    this.fatal = fatal;
    this.begun = now;
    this.said = now;
    GridConfig to =
        new GridConfig(
            new HashSet<>(config.voters()), config.dataDirectory().resolve("grid"), fresh);
    Thread starter =
        new Thread(
            () -> {
              try {
                grid.complete(
                    InfinispanGrid.start(
                        to,
                        channel,
                        failure ->
                            fatal.accept(
                                new IllegalStateException("the grid's store failed", failure))));
              } catch (RuntimeException e) {
                grid.completeExceptionally(e);
                fatal.accept(e);
              }
            },
            "nsm-grid-start");
    starter.setDaemon(true);
    starter.start();
  }

  /** The grid, once it has started. */
  CompletableFuture<Grid> grid() {
    return grid;
  }

  /** Says what a start that takes long is at; one that takes far too long hangs. */
  void tick(long now) {
    if (grid.isDone()) {
      return;
    }
    if (now - said > LONG_NANOS) {
      said = now;
      LOG.warn("the grid has not started yet; it is at\n{}", stacks());
    }
    if (now - begun > HOPELESS_NANOS && !givenUp) {
      givenUp = true;
      fatal.accept(new IllegalStateException("the grid did not start"));
    }
  }

  /** Where all threads are that open the store. */
  private static String stacks() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> Arrays.stream(entry.getValue()).anyMatch(GridStart::ofStore))
        .map(
            entry ->
                entry.getKey()
                    + Arrays.stream(entry.getValue())
                        .map(frame -> "\n  " + frame)
                        .collect(Collectors.joining()))
        .collect(Collectors.joining("\n"));
  }

  private static boolean ofStore(StackTraceElement frame) {
    return frame.getClassName().startsWith("org.infinispan.");
  }
}
