package io.nsm.agent.link;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.util.Optional;

/** The agent's end of all links. Nothing here waits: what a process says goes to the listener. */
public interface Links extends AutoCloseable {

  /**
   * Admits a run that knows this token.
   *
   * @param process whose epochs fence the run's map writes: what the agent knows, not what the run
   *     says
   */
  void expect(RunId run, ProcessName process, String token);

  /**
   * Lets processes of another user connect, beside those of the agent's own; each still has to know
   * its token.
   *
   * @param user a name or a number
   */
  void admit(String user);

  /** Admits a run no more, and closes its link; the listener hears nothing more of the run. */
  void dismiss(RunId run);

  /** Tells a run to act, with its newest checkpoint, until the deadline unless extended. */
  void activate(RunId run, Epoch epoch, Deadline deadline, Optional<Saved> checkpoint);

  /** Moves the deadline of a run that acts. */
  void extend(RunId run, Epoch epoch, Deadline deadline);

  /** Tells a run to stop acting. */
  void deactivate(RunId run, Epoch epoch);

  /** Tells a run to end in order. */
  void stop(RunId run);

  /** Answers a save. */
  void answerSave(RunId run, long correlation, SaveAnswer answer);

  /** Answers an operation on a shared map. */
  void answerMap(RunId run, long correlation, MapResult result);

  /**
   * The last instant at which a run may act: an absolute time of this host's clocks, both of which
   * must not have passed it.
   *
   * @param monotonicNanos as {@link System#nanoTime()} counts on this host, in every JVM
   * @param bootMillis milliseconds since the host was booted, with suspended time
   */
  record Deadline(long monotonicNanos, long bootMillis) {}

  /** A checkpoint with its bytes. */
  record Saved(Epoch epoch, long sequence, byte[] bytes) {}

  /** What a save came to. */
  enum SaveAnswer {
    SAVED,
    TERM_ENDED,
    UNKNOWN
  }

  /**
   * Learns what processes say; may be called by any thread, for one run by one at a time. After
   * each {@code connected} a process says anew all that matters: that it is ready, the epoch it is
   * done with, the epoch it acts in, and the saves that were not answered, these with their
   * correlation of before.
   */
  interface LinkListener {
    /**
     * A run's link is there, for the first time or again.
     *
     * @param acting the epoch in which the process acts or acted last, if it ever did
     */
    void connected(RunId run, long pid, Optional<Epoch> acting);

    /** The callback {@code start} returned. */
    void ready(RunId run);

    /** The callback {@code activate} was entered. */
    void activated(RunId run, Epoch epoch);

    /** The callback {@code deactivate} returned: nothing of this epoch happens any more. */
    void deactivated(RunId run, Epoch epoch);

    /** The process asks to save; to be answered with the same correlation. */
    void save(RunId run, long correlation, Epoch epoch, long sequence, byte[] bytes);

    /** The process uses a shared map; to be answered with the same correlation. */
    void map(RunId run, long correlation, MapOperation operation);

    /** The process says that its work is complete. */
    void completed(RunId run);

    /** The process says why it ends. */
    void failed(RunId run, String reason);

    /** The process showed that it lives. */
    void heartbeat(RunId run);

    /** The link broke; that is not an exit. */
    void disconnected(RunId run);
  }

  @Override
  void close();
}
