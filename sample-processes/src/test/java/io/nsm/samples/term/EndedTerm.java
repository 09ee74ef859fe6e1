package io.nsm.samples.term;

import io.nsm.process.Checkpoint;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.time.Duration;
import java.util.Optional;

/** A term that is over. */
public final class EndedTerm implements Term {

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public Optional<Checkpoint> lastCheckpoint() {
    return Optional.empty();
  }

  @Override
  public Checkpoint save(byte[] state) throws TermEndedException {
    throw new TermEndedException("over");
  }

  @Override
  public int maxCheckpointSize() {
    return 1;
  }

  @Override
  public void ensureActive() throws TermEndedException {
    throw new TermEndedException("over");
  }

  @Override
  public boolean isActive() {
    return false;
  }

  @Override
  public Duration remaining() {
    return Duration.ZERO;
  }
}
