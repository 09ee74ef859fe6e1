package io.nsm.supervisor.model;

/**
 * The decision which instance acts, under a number of its own.
 *
 * <p>A grant stays where it is until a command replaces it that names its epoch. A vacant one keeps
 * its epoch too: nobody acts under it any more, and the next grant names it.
 */
public sealed interface Grant {

  /** The number of this grant; {@link Epoch#NONE} before the first. */
  Epoch epoch();

  /** Must handle both. */
  interface Cases<R> {
    R held(Held held);

    R vacant(Vacant vacant);
  }

  <R> R match(Cases<R> cases);

  /**
   * An instance may act.
   *
   * @param index the place in the ledger of the entry that decided it
   */
  record Held(InstanceId instance, HostId host, RunId run, Epoch epoch, long index)
      implements Grant {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.held(this);
    }
  }

  /** Nobody may act. */
  record Vacant(Epoch epoch, String why) implements Grant {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.vacant(this);
    }
  }
}
