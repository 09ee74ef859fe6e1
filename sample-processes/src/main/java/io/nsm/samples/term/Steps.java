package io.nsm.samples.term;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.TermEndedException;
import java.time.Duration;
import java.util.Optional;

/**
 * The work of one term, cut into short steps. A step that threw because something shared could not
 * be reached is called again, so each step first finishes what the one before it left open.
 */
public interface Steps {

  /** Go on at once. */
  Optional<Duration> AT_ONCE = Optional.of(Duration.ZERO);

  /** There is nothing more to do in this term. */
  Optional<Duration> FINISHED = Optional.empty();

  /**
   * Does one step.
   *
   * @return how long to wait before the next one, or {@link #FINISHED}
   * @throws WorkFailedException if it cannot go on without a person's help
   */
  Optional<Duration> step()
      throws TermEndedException, MapUnavailableException, SaveUnknownException, WorkFailedException;

  /** Lets go of what the steps hold; called once, after the last step. */
  default void close() {}
}
