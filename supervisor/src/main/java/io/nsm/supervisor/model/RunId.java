package io.nsm.supervisor.model;

/**
 * One operating-system life of an instance. Never used twice: the incarnation is that of the agent
 * that launched the run, the counter grows with each launch in it.
 */
public record RunId(Incarnation launchedBy, long counter) {

  /** Reads what {@link #toString()} wrote. */
  public static RunId parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException("'" + text + "' is not a run id");
    }
    return new RunId(
        new Incarnation(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  @Override
  public String toString() {
    return launchedBy + "-" + counter;
  }
}
