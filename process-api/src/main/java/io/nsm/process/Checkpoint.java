package io.nsm.process;

import java.util.Arrays;

/**
 * State that an active instance saved.
 *
 * @param epoch the epoch in which it was saved
 * @param sequence its number; grows from save to save across epochs
 * @param state the bytes as given to {@link Term#save}
 */
public record Checkpoint(long epoch, long sequence, byte[] state) {

  public Checkpoint {
    state = state.clone();
  }

  /** A copy of the saved bytes. */
  @Override
  public byte[] state() {
    return state.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that
        && epoch == that.epoch
        && sequence == that.sequence
        && Arrays.equals(state, that.state);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(epoch) + Long.hashCode(sequence);
  }

  @Override
  public String toString() {
    return "Checkpoint[epoch=" + epoch + ", sequence=" + sequence + ", " + state.length + " bytes]";
  }
}
