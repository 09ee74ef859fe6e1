package io.nsm.agent.launch;

import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Starts and ends runs. No method waits for the operating system: what happened is told to the
 * {@link RunListener}.
 */
public interface Launcher {

  /**
   * Launches a run; answered by {@code launched} or {@code launchFailed}.
   *
   * @param environment what the run finds in its environment beside what is declared
   */
  void launch(InstanceId instance, RunId run, ProcessSpec spec, Map<String, String> environment);

  /** Sends a signal (its name without SIG) to the run's program. */
  void signal(RunId run, String signal);

  /** Ends the whole tree of a run with SIGKILL, until it is gone; answered by {@code exited}. */
  void kill(RunId run);

  /**
   * The same for a JVM that does nothing any more: what its threads do is written into its run
   * directory first, if it still answers within seconds.
   */
  void killHung(RunId run);

  /**
   * Runs a program in the surroundings of a run: its environment, without what only the run may
   * know. Its tree is killed when the time is over.
   *
   * @param words the program and its arguments
   * @return why it did not exit with 0, with the end of its output; empty if it did
   */
  CompletionStage<Optional<String>> examine(RunId run, List<String> words, Duration timeout);

  /**
   * Finds the runs that earlier agents left in the run directory, and watches those that live. Ends
   * are told to the listener as for any other run. To be called once, before anything is launched.
   */
  List<FoundRun> adopt();

  /** Forgets a run that ended: its directory may be removed when newer ones need the room. */
  void forget(RunId run);

  /**
   * A run found in the run directory.
   *
   * @param ended how it ended, if it did; empty while it lives
   * @param environment what {@link #launch} was given
   */
  record FoundRun(
      InstanceId instance,
      RunId run,
      ProcessSpec spec,
      Map<String, String> environment,
      Optional<ExitStatus> ended) {}

  /** How a run ended. The end is confirmed: nothing of the run's tree is left that is known of. */
  record ExitStatus(int code, Optional<String> signal, boolean outOfMemory) {

    /** The reason code: {@code EXIT_1}, {@code SIGNAL_9}, {@code OOM_HEAP}. */
    public String reason() {
      if (outOfMemory) {
        return signal.isPresent() ? "OOM_KILLED" : "OOM_HEAP";
      }
      return signal.isPresent() ? "SIGNAL_" + (code - 128) : "EXIT_" + code;
    }
  }

  /** Learns what became of runs; may be called by any thread. */
  interface RunListener {
    void launched(RunId run, long pid);

    /** Nothing was started, and this is why; no {@code exited} follows. */
    void launchFailed(RunId run, String reason);

    void exited(RunId run, ExitStatus status);

    /**
     * Output was given up: the disk is full, or the program too fast. Told once a minute at most.
     *
     * @param bytes all since this agent has the run
     */
    default void dropped(RunId run, long bytes) {}
  }

  /** The last lines of a run's output, oldest first. */
  List<String> tail(RunId run, int lines);
}
