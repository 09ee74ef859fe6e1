package io.nsm.agent.launch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices the end of runs that are no children of ours: by the exit file, at once, and by looking
 * at the processes now and then.
 */
final class AdoptedWatch implements AutoCloseable {
  private static final long LOOK_MILLIS = 200;

  private final WatchService watch;
  private final Consumer<LiveRun> ending;
  private final Map<WatchKey, LiveRun> runs = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::follow, "nsm-adopted");
  private volatile boolean closed;

  /**
   * @param ending called when a run seems to have ended
   */
  AdoptedWatch(Consumer<LiveRun> ending) throws IOException {
    this.watch = FileSystems.getDefault().newWatchService();
    this.ending = ending;
    thread.setDaemon(true);
  }

  /** To be called once. */
  void start() {
    thread.start();
  }

  void add(LiveRun run) throws IOException {
    WatchKey key = run.files().directory().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    runs.put(key, run);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    thread.interrupt();
    watch.close();
  }

  private void follow() {
    while (!closed) {
      try {
        WatchKey changed = watch.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (changed != null) {
          changed.pollEvents();
          changed.reset();
        }
        runs.forEach(this::look);
      } catch (InterruptedException | ClosedWatchServiceException e) {
        return; // closing
      }
    }
  }

  private void look(WatchKey key, LiveRun run) {
    boolean lives =
        run.files().exitCode().isEmpty()
            && run.pids().program().lives()
            && run.pids().parent().lives();
    if (!lives) {
      runs.remove(key);
      key.cancel();
      ending.accept(run);
    }
  }
}
