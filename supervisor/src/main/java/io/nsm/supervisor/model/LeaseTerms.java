package io.nsm.supervisor.model;

import java.time.Duration;

/**
 * How long hosts may act without hearing from the ledger: one value for the cluster, kept in the
 * ledger.
 *
 * @param ttl from the sending of a renewal to the end of the lease it earns
 * @param renew how often a host renews
 * @param margin between the end of a lease and the first moment a successor may act
 */
public record LeaseTerms(String profile, Duration ttl, Duration renew, Duration margin) {

  /** Quick, and does not outlive an agent's restart. */
  public static final LeaseTerms FAST =
      new LeaseTerms(
          "fast", Duration.ofMillis(2200), Duration.ofMillis(250), Duration.ofMillis(300));

  /** Outlives an agent's restart. */
  public static final LeaseTerms BALANCED =
      new LeaseTerms(
          "balanced", Duration.ofSeconds(8), Duration.ofSeconds(1), Duration.ofSeconds(1));

  /** For hosts that pause for seconds. */
  public static final LeaseTerms PATIENT =
      new LeaseTerms(
          "patient", Duration.ofSeconds(25), Duration.ofSeconds(3), Duration.ofSeconds(3));

  /** The most that any host's clock is assumed to run fast or slow, as a part of 1. */
  public static final double CLOCK_ERROR = 1e-3;

  public LeaseTerms {
    if (renew.multipliedBy(8).compareTo(ttl) > 0) {
      throw new IllegalArgumentException(
          "renew " + renew + " must be at most an eighth of ttl " + ttl);
    }
    if (margin.toMillis() < Math.max(250, ttl.toMillis() / 10)) {
      throw new IllegalArgumentException(
          "margin " + margin + " must be at least 250 ms and a tenth of ttl " + ttl);
    }
  }

  /**
   * How long after the last answer to a host nothing of it can act any more, on the answering
   * leader's clock, whatever the two clocks' errors are.
   *
   * @param clockError the most that any clock errs, as a part of 1
   */
  public Duration bound(double clockError) {
    double factor = (1 + clockError) / (1 - clockError);
    long nanos = (long) Math.ceil(ttl.plus(margin).toNanos() * factor);
    return Duration.ofNanos(nanos).plusMillis(10);
  }
}
