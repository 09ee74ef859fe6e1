package io.nsm.process.runtime;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Ends the process in order when the JVM is asked to end, by SIGTERM for example. */
final class Shutdown {
  private Shutdown() {}

  static void whenAskedEnd(RunningProcess running, Thread ofCallbacks) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(running, ofCallbacks), "nsm-shutdown"));
  }

  private static void end(RunningProcess running, Thread ofCallbacks) {
    if (running.hasEnded()) {
      return;
    }
    Set<Thread> askers = threadsThatEndTheJvm();
    int code = endInOrder(running, askers, ofCallbacks);
    // A JVM that ends by a signal would exit with 128 + its number, whatever the process did about
    // it. Who called System.exit himself keeps his code.
    if (code != NsmRuntime.EXIT_OK || askers.stream().anyMatch(Shutdown::handlesSignal)) {
      Runtime.getRuntime().halt(code);
    }
  }

  private static int endInOrder(RunningProcess running, Set<Thread> askers, Thread ofCallbacks) {
    if (askers.contains(ofCallbacks)) {
      // A callback called System.exit, which waits for this thread: it will not return.
      return running.endHere();
    }
    try {
      return running.end();
    } catch (InterruptedException e) {
      return NsmRuntime.EXIT_FAILED;
    }
  }

  /** The threads within System.exit, and the JDK's own that handles a signal. */
  private static Set<Thread> threadsThatEndTheJvm() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(
            thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown")))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The JDK names its threads after the signal: {@code SIGTERM handler}. */
  private static boolean handlesSignal(Thread thread) {
    return thread.getName().startsWith("SIG") && thread.getName().endsWith(" handler");
  }
}
