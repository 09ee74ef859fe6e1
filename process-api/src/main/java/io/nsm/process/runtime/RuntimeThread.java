package io.nsm.process.runtime;

/** Threads of the runtime itself: they never keep a JVM alive, and a bug in one ends it loudly. */
final class RuntimeThread {
  private RuntimeThread() {}

  static Thread of(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (where, problem) -> {
          problem.printStackTrace();
          Runtime.getRuntime().halt(NsmRuntime.EXIT_FAILED);
        });
    return thread;
  }
}
