package io.nsm.supervisor.api;

/**
 * Whether the ledger can decide.
 *
 * @param present whether the asked agent has heard of a leader with a majority within the lease
 * @param voters how many hosts vote
 * @param reachable how many of them the asked agent reaches, itself included
 */
public record Quorum(boolean present, int voters, int reachable) {

  /** How many of the voters must be reachable. */
  public int majority() {
    return voters / 2 + 1;
  }
}
