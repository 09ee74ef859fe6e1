package io.nsm.supervisor.config;

import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How the times of a process must fit the lease of its cluster. */
public final class LeaseRules {
  private LeaseRules() {}

  /**
   * A time that does not fit.
   *
   * @param key of the process: {@code stop.timeout}
   * @param against the other key of the process that takes part; empty when there is none
   */
  public record Misfit(String key, String against, String message, String hint) {
    @Override
    public String toString() {
      return key + ": " + message + "; " + hint;
    }
  }

  /** All that does not fit; processes of which all instances act have no lease to fit. */
  public static List<Misfit> misfits(ProcessSpec spec, LeaseTerms lease) {
    List<Misfit> found = new ArrayList<>();
    if (spec.mode() != Mode.ACTIVE_STANDBY) {
      return found;
    }
    Duration stop = spec.stop().timeout();
    if (spec.activeStandby().onLeaseLost() == OnLeaseLost.DEMOTE
        && stop.compareTo(lease.margin()) > 0) {
      found.add(
          new Misfit(
              "stop.timeout",
              "activeStandby.onLeaseLost",
              String.format(
                  "%s is longer than the margin %s of lease profile '%s': when the lease is lost,"
                      + " the successor may act while this one is still winding down its term,"
                      + " as it may with onLeaseLost: demote",
                  Units.text(stop), Units.text(lease.margin()), lease.profile()),
              "use onLeaseLost: halt, or stop.timeout: "
                  + Units.text(lease.margin())
                  + " or less"));
    }
    Duration learn = lease.renew().multipliedBy(2);
    Duration activation = spec.activeStandby().activationTimeout();
    if (activation.compareTo(learn) < 0) {
      found.add(
          new Misfit(
              "activeStandby.activationTimeout",
              "",
              String.format(
                  "%s is shorter than two renewals (%s) of lease profile '%s': a sound instance"
                      + " may learn too late that it was chosen",
                  Units.text(activation), Units.text(learn), lease.profile()),
              "use " + Units.text(learn) + " or more"));
    }
    return found;
  }
}
