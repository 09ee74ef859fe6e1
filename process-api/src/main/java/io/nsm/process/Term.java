package io.nsm.process;

import java.time.Duration;
import java.util.Optional;

/**
 * The time during which this instance acts: from one activation to its end. A term belongs to
 * exactly one epoch, and an epoch to exactly one instance.
 */
public interface Term {

  /**
   * The fencing token of this term: greater than that of every earlier term of every process. Carry
   * it in whatever is done to the outside world, so that the other side can refuse older ones.
   */
  long epoch();

  /** The newest acknowledged checkpoint of the process as of this activation, if there is one. */
  Optional<Checkpoint> lastCheckpoint();

  /**
   * Saves the state of the process and waits until it is safe: on disk at a majority of the voters.
   * A later activation sees this checkpoint or a newer one. One save is in flight at a time;
   * further callers wait for it.
   *
   * @param state the bytes, at most {@link #maxCheckpointSize()}
   * @return the saved checkpoint
   * @throws TermEndedException if this term is over: a newer epoch exists or the lease has ended
   * @throws SaveUnknownException if the outcome could not be learnt: the state may be saved or not.
   *     The process should save again or end.
   * @throws IllegalArgumentException if the state is too large
   */
  Checkpoint save(byte[] state) throws TermEndedException, SaveUnknownException;

  /** The largest checkpoint accepted, in bytes. */
  int maxCheckpointSize();

  /**
   * Returns if this instance may act at this instant; throws otherwise. Checked against the lease's
   * end on both the monotonic clock and the boot clock, without a system call in the usual case
   * beyond reading them. To be called before each effect that must not happen twice.
   *
   * <p>From the moment {@link ManagedProcess#deactivate} is called it throws as well, so that
   * threads which ask it come to their end; {@link #save} and fenced writes remain possible until
   * that call has returned.
   *
   * @throws TermEndedException if the lease has ended, a newer epoch exists, or the process is
   *     being deactivated
   */
  void ensureActive() throws TermEndedException;

  /** Whether {@link #ensureActive()} would return at this instant. */
  boolean isActive();

  /** How long this instance may still act if no renewal comes; zero when the term is over. */
  Duration remaining();
}
