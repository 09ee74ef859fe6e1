package io.nsm.supervisor.model;

/**
 * Points at the bytes of a saved checkpoint.
 *
 * @param sequence grows from save to save of a process, across epochs
 * @param size in bytes
 */
public record CheckpointRef(
    ProcessName process, Epoch epoch, long sequence, Digest digest, int size) {

  /** Whether this one is newer than another of the same process. */
  public boolean isAfter(CheckpointRef other) {
    int byEpoch = epoch.compareTo(other.epoch);
    return byEpoch > 0 || (byEpoch == 0 && sequence > other.sequence);
  }

  @Override
  public String toString() {
    return process + "@" + epoch + "." + sequence;
  }
}
