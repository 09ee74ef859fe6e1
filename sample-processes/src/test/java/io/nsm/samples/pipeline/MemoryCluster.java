package io.nsm.samples.pipeline;

import io.nsm.process.Checkpoint;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Terms and shared maps in memory, under the rules of the real ones: one epoch counter, a grant
 * hands over the last checkpoint applied, stale epochs are refused. Any operation may end or leave
 * its caller in doubt.
 */
public final class MemoryCluster {

  private final Faults faults;
  private final boolean fencing;
  private final Map<String, MemoryMap> maps = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, Checkpoint> checkpoints = new HashMap<>();
  private long lastEpoch;
  private int kills;

  MemoryCluster(Faults faults, boolean fencing) {
    this.faults = faults;
    this.fencing = fencing;
  }

  /** One in which nothing goes wrong. */
  public static MemoryCluster calm() {
    return new MemoryCluster(Faults.none(), true);
  }

  public SharedMap map(String name) {
    return maps.computeIfAbsent(name, n -> new MemoryMap(n, this));
  }

  /** Makes somebody new the holder; the one before is fenced off from now on. */
  public Term grant(String process) {
    epochs.put(process, ++lastEpoch);
    return new MemoryTerm(process, lastEpoch, Optional.ofNullable(checkpoints.get(process)));
  }

  int kills() {
    return kills;
  }

  interface Effect<R> {
    R happen() throws TermEndedException;
  }

  /** Reads or writes a map. */
  <R> R onMap(Effect<R> effect) throws MapUnavailableException, TermEndedException {
    Faults.Fault fault = before();
    if (fault == Faults.Fault.UNKNOWN_BEFORE) {
      throw new MapUnavailableException("in doubt");
    }
    R result = effect.happen();
    after(fault);
    if (fault == Faults.Fault.UNKNOWN_AFTER) {
      throw new MapUnavailableException("in doubt");
    }
    return result;
  }

  void fence(Term term) throws TermEndedException {
    if (term instanceof MemoryTerm own) {
      own.fence();
    } else {
      throw new IllegalArgumentException("not a term of this cluster: " + term);
    }
  }

  private Faults.Fault before() {
    Faults.Fault fault = faults.next();
    if (fault == Faults.Fault.MAPS_LOST) {
      maps.values().forEach(MemoryMap::lose);
    }
    if (fault == Faults.Fault.KILLED_BEFORE) {
      kills++;
      throw new KilledError();
    }
    return fault;
  }

  private void after(Faults.Fault fault) {
    if (fault == Faults.Fault.KILLED_AFTER) {
      kills++;
      throw new KilledError();
    }
  }

  private final class MemoryTerm implements Term {
    private final String process;
    private final long epoch;
    private final Optional<Checkpoint> atGrant;

    MemoryTerm(String process, long epoch, Optional<Checkpoint> atGrant) {
      this.process = process;
      this.epoch = epoch;
      this.atGrant = atGrant;
    }

    void fence() throws TermEndedException {
      if (fencing && epochs.getOrDefault(process, 0L) != epoch) {
        throw new TermEndedException(process + " " + epoch + " is over");
      }
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Optional<Checkpoint> lastCheckpoint() {
      return atGrant;
    }

    @Override
    public Checkpoint save(byte[] state) throws TermEndedException, SaveUnknownException {
      Faults.Fault fault = before();
      if (fault == Faults.Fault.UNKNOWN_BEFORE) {
        throw new SaveUnknownException("in doubt");
      }
      fence();
      long sequence =
          1 + Optional.ofNullable(checkpoints.get(process)).map(Checkpoint::sequence).orElse(0L);
      Checkpoint saved = new Checkpoint(epoch, sequence, state);
      checkpoints.put(process, saved);
      after(fault);
      if (fault == Faults.Fault.UNKNOWN_AFTER) {
        throw new SaveUnknownException("in doubt");
      }
      return saved;
    }

    @Override
    public int maxCheckpointSize() {
      return 1 << 20;
    }

    /** A holder that was paused after its check does not know: only the fence stops it. */
    @Override
    public void ensureActive() {}

    @Override
    public boolean isActive() {
      return true;
    }

    @Override
    public Duration remaining() {
      return Duration.ofSeconds(1);
    }
  }
}
