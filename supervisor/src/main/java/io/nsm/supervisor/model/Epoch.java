package io.nsm.supervisor.model;

/** The number of a grant: the fencing token. Strictly increasing, never used twice. */
public record Epoch(long number) implements Comparable<Epoch> {
  /** Before the first grant. */
  public static final Epoch NONE = new Epoch(0);

  public Epoch {
    if (number < 0) {
      throw new IllegalArgumentException("an epoch is not negative: " + number);
    }
  }

  public boolean isAfter(Epoch other) {
    return number > other.number;
  }

  @Override
  public int compareTo(Epoch other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
