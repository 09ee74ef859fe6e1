package io.nsm.process.runtime;

import io.nsm.process.Checkpoint;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToProcess.SaveResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A term whose lease and saves go over the link. */
final class LinkedTerm implements Term {
  /** How long a save, with its turn behind others, may take. */
  static final Duration SAVE_TIMEOUT = Duration.ofSeconds(30);

  private final long epoch;
  private final Optional<Checkpoint> lastCheckpoint;
  private final Tenure tenure;
  private final AgentLink link;
  private final ReentrantLock oneSave = new ReentrantLock(true);

  /** Grows with every attempt, so that a number is never used for other bytes. */
  private long sequence;

  LinkedTerm(long epoch, Optional<Checkpoint> lastCheckpoint, Tenure tenure, AgentLink link) {
    this.epoch = epoch;
    this.lastCheckpoint = lastCheckpoint;
    this.tenure = tenure;
    this.link = link;
    this.sequence = lastCheckpoint.map(Checkpoint::sequence).orElse(0L);
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public Optional<Checkpoint> lastCheckpoint() {
    return lastCheckpoint;
  }

  @Override
  public Checkpoint save(byte[] state) throws TermEndedException, SaveUnknownException {
    if (state.length > LinkLimits.MAX_CHECKPOINT) {
      throw new IllegalArgumentException(
          "a checkpoint of "
              + state.length
              + " bytes is larger than the "
              + LinkLimits.MAX_CHECKPOINT
              + " allowed; keep large data in shared maps or files and save where it is");
    }
    long deadline = System.nanoTime() + SAVE_TIMEOUT.toNanos();
    try {
      if (!oneSave.tryLock(SAVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SaveUnknownException("not saved: earlier saves took " + SAVE_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SaveUnknownException("not saved: interrupted while waiting for an earlier save");
    }
    try {
      return saveAlone(state.clone(), deadline);
    } finally {
      oneSave.unlock();
    }
  }

  private Checkpoint saveAlone(byte[] state, long deadline)
      throws TermEndedException, SaveUnknownException {
    if (!tenure.maySave(epoch)) {
      throw tenure.ended(epoch);
    }
    sequence++;
    SaveResult result = link.save(epoch, sequence, state, deadline - System.nanoTime());
    return switch (result) {
      case SAVED -> new Checkpoint(epoch, sequence, state);
      case TERM_ENDED -> throw new TermEndedException("the term of epoch " + epoch + " is over");
      case UNKNOWN ->
          throw new SaveUnknownException(
              "whether checkpoint " + epoch + "." + sequence + " was saved could not be learnt");
    };
  }

  @Override
  public int maxCheckpointSize() {
    return LinkLimits.MAX_CHECKPOINT;
  }

  @Override
  public void ensureActive() throws TermEndedException {
    if (!tenure.mayAct(epoch)) {
      throw tenure.ended(epoch);
    }
  }

  @Override
  public boolean isActive() {
    return tenure.mayAct(epoch);
  }

  /** As {@link #ensureActive}, but also while the process is being deactivated. */
  void ensureWritable() throws TermEndedException {
    if (!tenure.maySave(epoch)) {
      throw tenure.ended(epoch);
    }
  }

  @Override
  public Duration remaining() {
    return tenure.remaining(epoch);
  }

  @Override
  public String toString() {
    return "Term[epoch=" + epoch + "]";
  }
}
