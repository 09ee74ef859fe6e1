package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Probes;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.Optional;

/** What the shell is to do for an instance. */
public sealed interface Order {

  /** Start a run; a granted one finds its epoch in its environment. */
  record Launch(RunId run, Goal goal, Optional<Epoch> epoch) implements Order {}

  /** Send the run's program a signal. */
  record Signal(RunId run, String signal) implements Order {}

  /** End the whole tree of the run, now. */
  record Kill(RunId run) implements Order {}

  /** Have the run write down what its threads do, if it can, and end its whole tree then. */
  record KillHung(RunId run) implements Order {}

  /**
   * Check how the run does; answered by {@link Event.Probed} with the same number.
   *
   * @param spec whose probe of this kind it is
   */
  record Check(RunId run, Probes.Kind kind, long number, ProcessSpec spec) implements Order {}

  /** Tell the run to act, until the deadline. */
  record Activate(RunId run, Epoch epoch, long deadline, Optional<CheckpointRef> checkpoint)
      implements Order {}

  /** Move the deadline of a run that acts. */
  record Extend(RunId run, Epoch epoch, long deadline) implements Order {}

  /** Tell the run to stop acting. */
  record Deactivate(RunId run, Epoch epoch) implements Order {}

  /** Record how the run of a one-shot ended. */
  record Finish(RunId run, Epoch epoch, boolean success, String reason) implements Order {}

  /** Tell people. */
  record Tell(String kind, String reason, String text) implements Order {}
}
