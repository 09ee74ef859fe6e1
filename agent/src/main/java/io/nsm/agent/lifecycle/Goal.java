package io.nsm.agent.lifecycle;

import io.nsm.supervisor.model.ProcessSpec;
import java.util.Optional;

/**
 * What is wanted of an instance.
 *
 * @param running whether it is to run at all
 * @param starts which start of the process this is; a one-shot runs once for each
 * @param restarts which wished-for restart this is
 * @param waitsFor what must be there before a run is started; one that runs goes on
 */
public record Goal(
    ProcessSpec spec, boolean running, long starts, long restarts, Optional<String> waitsFor) {

  /** What waits for nothing. */
  public Goal(ProcessSpec spec, boolean running, long starts, long restarts) {
    this(spec, running, starts, restarts, Optional.empty());
  }

  /** Whether a run launched for the other goal serves this one. */
  boolean servedBy(Goal launched) {
    return running && spec.servedByRunOf(launched.spec()) && restarts == launched.restarts();
  }

  /** Whether its instances need a grant to act. */
  public boolean exclusive() {
    return spec.mode() != ProcessSpec.Mode.REPLICATED;
  }

  /**
   * Whether a run is launched only when it is granted. One that does not speak the link cannot
   * wait: it acts from its launch.
   */
  public boolean cold() {
    return exclusive()
        && (spec.mode() == ProcessSpec.Mode.ONE_SHOT
            || spec.activeStandby().standby() == ProcessSpec.Standby.COLD
            || !linked());
  }

  /** Whether runs speak the link; others act from their launch to their end. */
  public boolean linked() {
    return spec.program() instanceof ProcessSpec.Java;
  }

  Goal stopped() {
    return new Goal(spec, false, starts, restarts);
  }
}
