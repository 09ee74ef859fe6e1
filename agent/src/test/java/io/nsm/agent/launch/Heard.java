package io.nsm.agent.launch;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.launch.Launcher.RunListener;
import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** A listener that can be asked what it heard. */
final class Heard implements RunListener {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Map<RunId, Long> launched = new ConcurrentHashMap<>();
  private final Map<RunId, String> failed = new ConcurrentHashMap<>();
  private final Map<RunId, ExitStatus> exited = new ConcurrentHashMap<>();
  private final Map<RunId, Long> dropped = new ConcurrentHashMap<>();
  private final Map<RunId, Long> exitedAt = new ConcurrentHashMap<>();

  @Override
  public void launched(RunId run, long pid) {
    launched.put(run, pid);
    wake();
  }

  @Override
  public void launchFailed(RunId run, String reason) {
    failed.put(run, reason);
    wake();
  }

  @Override
  public void dropped(RunId run, long bytes) {
    dropped.put(run, bytes);
    wake();
  }

  long dropped(RunId run) {
    return await("lost output of " + run, dropped, run);
  }

  @Override
  public void exited(RunId run, ExitStatus status) {
    long now = System.nanoTime();
    if (exited.put(run, status) != null) {
      throw new IllegalStateException(run + " ended twice");
    }
    exitedAt.put(run, now);
    wake();
  }

  long pid(RunId run) {
    return await("launch of " + run, launched, run);
  }

  String failure(RunId run) {
    return await("failed launch of " + run, failed, run);
  }

  ExitStatus exit(RunId run) {
    return await("exit of " + run, exited, run);
  }

  long exitedAt(RunId run) {
    return await("exit of " + run, exitedAt, run);
  }

  boolean hasExited(RunId run) {
    return exited.containsKey(run);
  }

  /** Waits for something nobody tells us of, such as the content of a file. */
  void until(String what, BooleanSupplier condition) {
    await(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  private <T> T await(String what, Map<RunId, T> heard, RunId run) {
    return await(what, () -> Optional.ofNullable(heard.get(run)));
  }

  private synchronized <T> T await(
      String what, java.util.function.Supplier<Optional<T>> condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    for (Optional<T> found = condition.get(); ; found = condition.get()) {
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "no " + what + " in " + LONGEST + "; failed: " + failed + ", exited: " + exited);
      }
      try {
        wait(5);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }

  private synchronized void wake() {
    notifyAll();
  }
}
