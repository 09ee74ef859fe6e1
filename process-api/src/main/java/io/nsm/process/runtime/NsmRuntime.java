package io.nsm.process.runtime;

import io.nsm.process.ManagedProcess;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.RunEnvironment;
import java.util.List;
import java.util.Map;

/** Runs a process under its agent. */
public final class NsmRuntime {
  /** The process ended in order. */
  public static final int EXIT_OK = 0;

  /** The runtime was started in a way it cannot work (EX_USAGE). */
  public static final int EXIT_USAGE = 64;

  /** The process failed: an exception from a callback, or {@code fail} was called (EX_SOFTWARE). */
  public static final int EXIT_FAILED = 70;

  /** The lease ended while the process acted (EX_TEMPFAIL). */
  public static final int EXIT_LEASE_LOST = 75;

  private NsmRuntime() {}

  /**
   * Runs a process until it ends, then exits the JVM; does not return. The callbacks are called by
   * the calling thread.
   *
   * @param arguments what {@link io.nsm.process.ProcessContext#args()} returns
   */
  public static void run(ManagedProcess process, String... arguments) {
    RunEnvironment environment = environment(System.getenv());
    RunningProcess running =
        new RunningProcess(
            process,
            environment,
            List.of(arguments),
            HostClock.ofThisHost(),
            code -> Runtime.getRuntime().halt(code));
    Shutdown.whenAskedEnd(running, Thread.currentThread());
    System.exit(running.run());
  }

  /** One line among the process's own output, which its agent keeps. */
  static void log(String message) {
    System.err.println("nsm: " + message);
  }

  /** Says how the runtime is used and exits; the exception is for the compiler. */
  static IllegalStateException misused(String problem) {
    System.err.println("nsm: " + problem);
    System.exit(EXIT_USAGE);
    return new IllegalStateException(problem);
  }

  /** Says what failed before the process was there and exits; the exception is as above. */
  static IllegalStateException failed(String what, Throwable problem) {
    log(what);
    problem.printStackTrace();
    System.exit(EXIT_FAILED);
    return new IllegalStateException(what, problem);
  }

  private static RunEnvironment environment(Map<String, String> variables) {
    if (!variables.containsKey(RunEnvironment.SOCKET)) {
      throw misused(
          RunEnvironment.SOCKET
              + " is not in the environment: this program is a process of NSM and is started by"
              + " its agent.\n"
              + "Declare it in a file such as processes.yaml and apply that:\n\n"
              + "  apiVersion: nsm/v1\n"
              + "  processes:\n"
              + "    myprocess:\n"
              + "      mode: active-standby\n"
              + "      replicas: 2\n"
              + "      java: {jar: /path/to/this.jar}\n\n"
              + "  nsmctl apply -f processes.yaml");
    }
    try {
      return RunEnvironment.read(variables);
    } catch (IllegalArgumentException e) {
      throw misused("the environment is not what an agent gives to a run:\n" + e.getMessage());
    }
  }
}
