package io.nsm.agent.chaos;

import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.TermEndedException;
import io.nsm.process.runtime.NsmRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Uses a few keys of a shared map from every host at once, and writes down each call. Its argument
 * is the directory for that.
 *
 * <p>Some keys live as long as the run, so that they meet every restart; others a quarter of a
 * minute, so that their histories stay short enough to be judged although many calls have no known
 * outcome.
 */
public final class ChaosClient implements ManagedProcess {
  static final String MAP = "shared";

  /** Written by the recorder with its epoch, read by all. */
  static final String FENCED_KEY = "fenced";

  private static final int THREADS = 2;
  private static final long LIFE_OF_A_KEY = TimeUnit.SECONDS.toNanos(15);
  private static final int SHORTEST_PAUSE_MILLIS = 20;
  private static final int LONGEST_PAUSE_MILLIS = 120;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ends;

  public static void main(String[] args) {
    NsmRuntime.run(new ChaosClient(), args);
  }

  @Override
  public void start(ProcessContext context) {
    String run = RunLog.newRun();
    RunLog log = RunLog.open(Path.of(context.args().get(0)), "maps", context, run);
    for (int number = 1; number <= THREADS; number++) {
      String client = context.process() + "/" + context.instance() + "-" + run + "-" + number;
      MapCalls calls = new MapCalls(log, context.map(MAP), client, Optional.empty());
      Thread thread = new Thread(() -> call(calls), "client-" + number);
      threads.add(thread);
      thread.start();
    }
  }

  private void call(MapCalls calls) {
    Random random = new Random();
    try {
      while (!ends) {
        callOnce(calls, random);
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(
                random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS)));
      }
    } catch (TermEndedException impossible) {
      throw new IllegalStateException("a call without a fence was fenced", impossible);
    }
  }

  private static void callOnce(MapCalls calls, Random random) throws TermEndedException {
    String key = key(random);
    int dice = random.nextInt(100);
    if (dice < 30) {
      calls.get(dice < 6 ? FENCED_KEY : key);
    } else if (dice < 50) {
      calls.put(key);
    } else if (dice < 80) {
      Optional<SharedMap.Entry> found = calls.get(key);
      if (found.isPresent()) {
        calls.replace(found.get());
      } else {
        calls.putIfAbsent(key);
      }
    } else if (dice < 90) {
      calls.putIfAbsent(key);
    } else {
      calls.remove(key);
    }
  }

  private static String key(Random random) {
    int number = random.nextInt(4);
    return number == 0
        ? "k" + random.nextInt(2)
        : "s" + System.nanoTime() / LIFE_OF_A_KEY + "-" + number;
  }

  @Override
  public void stop() {
    ends = true;
  }
}
