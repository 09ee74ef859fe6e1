package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.RunId;
import java.util.Optional;

/** What can happen to an instance. */
public sealed interface Event {

  /** What is wanted of the instance became known or changed. */
  record Wanted(Goal goal) implements Event {}

  /** The operating system started the run. */
  record Launched(RunId run, long pid) implements Event {}

  /** The run could not be started. */
  record LaunchFailed(RunId run, String reason) implements Event {}

  /**
   * The run ended, and that is confirmed.
   *
   * @param atMillis wall time
   * @param chance from 0 to 1, for the jitter of a backoff
   */
  record Exited(RunId run, int code, String reason, long atMillis, double chance)
      implements Event {}

  /**
   * A run of an earlier agent was found alive.
   *
   * @param launched what was wanted when it was launched
   * @param latest the latest deadline that the earlier agent can have given it
   */
  record Adopted(RunId run, Goal launched, long latest) implements Event {}

  /**
   * The run's link is there, for the first time or again.
   *
   * @param acting the greatest epoch it was told to act in: it acts, acted, or will if nothing ends
   *     it
   */
  record Connected(RunId run, long pid, Optional<Epoch> acting) implements Event {}

  /** The run is ready to act or to stand by. */
  record Ready(RunId run) implements Event {}

  /** The run entered {@code activate}. */
  record Activated(RunId run, Epoch epoch) implements Event {}

  /** The run's {@code deactivate} returned: nothing of the epoch happens any more. */
  record Deactivated(RunId run, Epoch epoch) implements Event {}

  /** The run's link showed that it lives. */
  record Heard(RunId run) implements Event {}

  /**
   * A check that was ordered has an outcome.
   *
   * @param number that of the order
   * @param failure why it failed, if it did
   */
  record Probed(RunId run, Probes.Kind kind, long number, Optional<String> failure)
      implements Event {}

  /** The run says that its work is complete; its end follows. */
  record Completed(RunId run) implements Event {}

  /** The run says why it is about to end. */
  record SaidWhy(RunId run, String reason) implements Event {}

  /**
   * The host's lease covers a grant of this instance, until the deadline.
   *
   * @param checkpoint the newest one as of the grant
   */
  record MayAct(Grant.Held grant, long deadline, Optional<CheckpointRef> checkpoint)
      implements Event {}

  /** The instance is to stop acting, but to live on: its grant is wanted elsewhere, or is gone. */
  record MustYield(Epoch epoch, String why) implements Event {}

  /** Time has passed. */
  record Tick() implements Event {}
}
