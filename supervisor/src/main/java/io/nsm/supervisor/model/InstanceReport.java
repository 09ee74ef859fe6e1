package io.nsm.supervisor.model;

import java.util.List;
import java.util.Optional;

/**
 * What an agent says of one of its instances.
 *
 * @param run the run that lives, or that is reserved for a cold standby
 * @param acting the epoch in which the run acts, and says so itself
 * @param candidate whether this run may be granted the next epoch
 * @param actsUngranted whether it acts without a grant, or will, as replicas do
 * @param reason a reason code or a sentence for its state, where there is one
 * @param restarts how often it was launched again after an end nobody wished for
 * @param sinceMillis how long it has been in this state
 * @param nextStartMillis how long until the next launch, when it waits for one
 * @param exits how its last runs ended, the newest first
 * @param unready what its probes say against its run: it does not do its work now
 */
public record InstanceReport(
    InstanceId instance,
    StateWord state,
    Optional<RunId> run,
    Optional<Long> pid,
    Optional<Epoch> acting,
    boolean candidate,
    boolean actsUngranted,
    Optional<String> reason,
    int restarts,
    long sinceMillis,
    Optional<Long> nextStartMillis,
    List<Exit> exits,
    Optional<String> unready) {

  public InstanceReport {
    exits = List.copyOf(exits);
  }

  /** An instance whose probes say nothing against it. */
  public InstanceReport(
      InstanceId instance,
      StateWord state,
      Optional<RunId> run,
      Optional<Long> pid,
      Optional<Epoch> acting,
      boolean candidate,
      boolean actsUngranted,
      Optional<String> reason,
      int restarts,
      long sinceMillis,
      Optional<Long> nextStartMillis,
      List<Exit> exits) {
    this(
        instance,
        state,
        run,
        pid,
        acting,
        candidate,
        actsUngranted,
        reason,
        restarts,
        sinceMillis,
        nextStartMillis,
        exits,
        Optional.empty());
  }

  /** The same with the times left out, to see whether anything else changed. */
  public InstanceReport timeless() {
    return new InstanceReport(
        instance,
        state,
        run,
        pid,
        acting,
        candidate,
        actsUngranted,
        reason,
        restarts,
        0,
        Optional.empty(),
        exits,
        unready);
  }

  /** The same of a run that is not to be chosen. */
  public InstanceReport withoutCandidacy() {
    return new InstanceReport(
        instance,
        state,
        run,
        pid,
        acting,
        false,
        actsUngranted,
        reason,
        restarts,
        sinceMillis,
        nextStartMillis,
        exits,
        unready);
  }

  /**
   * How a run ended.
   *
   * @param atMillis wall time in milliseconds since 1970 UTC
   */
  public record Exit(RunId run, String reason, long atMillis, long livedMillis) {}
}
