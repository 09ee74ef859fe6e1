package io.nsm.supervisor.model;

import java.util.Optional;

/**
 * Something that happened, for people.
 *
 * @param atMillis wall time of the host that saw it, in milliseconds since 1970 UTC
 * @param kind one word: {@code promoted}, {@code exited}, {@code started}, ...
 * @param host its name
 * @param reason a reason code, where there is one
 */
public record Event(
    long atMillis,
    String kind,
    Optional<ProcessName> process,
    Optional<InstanceId> instance,
    Optional<HostName> host,
    Optional<String> reason,
    String text,
    Optional<Timeline> timeline) {

  /**
   * How long a promotion took, from its cause.
   *
   * @param noticedMillis from the first sign that the old one was gone to the leader knowing it
   * @param decidedMillis from then until the grant was decided
   * @param activeMillis from then until the new one's {@code activate} was entered
   */
  public record Timeline(
      String cause, Epoch epoch, double noticedMillis, double decidedMillis, double activeMillis) {

    public double totalMillis() {
      return noticedMillis + decidedMillis + activeMillis;
    }
  }
}
