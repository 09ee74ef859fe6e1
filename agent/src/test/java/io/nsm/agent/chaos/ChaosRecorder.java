package io.nsm.agent.chaos;

import io.nsm.process.Checkpoint;
import io.nsm.process.ManagedProcess;
import io.nsm.process.ProcessContext;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.runtime.NsmRuntime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An active-standby process whose every effect can be judged. While it acts, one thread makes
 * effects, one saves checkpoints and one writes to a shared map under its epoch; all is written
 * down in the directory that is its argument.
 */
public final class ChaosRecorder implements ManagedProcess {
  private static final long BETWEEN_EFFECTS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long BETWEEN_SAVES = TimeUnit.MILLISECONDS.toNanos(40);
  private static final long BETWEEN_WRITES = TimeUnit.MILLISECONDS.toNanos(60);

  /** Above what travels inside the ledger, so that every fourth goes through the grid. */
  private static final int LARGE = 64 << 10;

  private final String run = RunLog.newRun();
  private final List<Thread> workers = new ArrayList<>();
  private final Random random = new Random();
  private Optional<Logs> logs = Optional.empty();
  private long epoch;

  /** Counts the saves of this run, over all its terms; used by one saving thread at a time. */
  private long saves;

  private record Logs(
      RunLog effects, RunLog saves, RunLog activations, RunLog maps, SharedMap map, String who) {}

  public static void main(String[] args) {
    NsmRuntime.run(new ChaosRecorder(), args);
  }

  @Override
  public void start(ProcessContext context) {
    Path directory = Path.of(context.args().get(0));
    Logs opened =
        new Logs(
            RunLog.open(directory, "effects", context, run),
            RunLog.open(directory, "saves", context, run),
            RunLog.open(directory, "activations", context, run),
            RunLog.open(directory, "maps", context, run),
            context.map(ChaosClient.MAP),
            context.process() + "/" + context.instance() + "-" + run);
    opened.activations.write(System.nanoTime(), "start", "pid", ProcessHandle.current().pid());
    logs = Optional.of(opened);
  }

  @Override
  public void activate(Term term) {
    long at = System.nanoTime();
    Logs log = logs.orElseThrow();
    epoch = term.epoch();
    Optional<Checkpoint> found = term.lastCheckpoint();
    long value = found.map(it -> ByteBuffer.wrap(it.state()).getLong()).orElse(0L);
    List<Object> words = new ArrayList<>(List.of("epoch", epoch, "found", found.isPresent()));
    found.ifPresent(
        it ->
            words.addAll(
                List.of(
                    "checkpointEpoch", it.epoch(),
                    "checkpointSequence", it.sequence(),
                    "value", value)));
    log.activations.write(at, "activate", words.toArray());
    AtomicBoolean told = new AtomicBoolean();
    work("effects", log, told, () -> makeEffects(log, term));
    work("saves", log, told, () -> save(log, term, value));
    work("writes", log, told, () -> write(log, term));
    log.activations.write(System.nanoTime(), "activated", "epoch", epoch);
  }

  private interface Work {
    void go() throws TermEndedException;
  }

  private void work(String name, Logs log, AtomicBoolean told, Work work) {
    long of = epoch;
    Thread thread =
        new Thread(
            () -> {
              try {
                work.go();
              } catch (TermEndedException over) {
                // Only the end of the effects' thread is the end of acting.
                if (name.equals("effects") && told.compareAndSet(false, true)) {
                  log.activations.write(
                      System.nanoTime(),
                      "ended",
                      "epoch",
                      of,
                      "why",
                      String.valueOf(over.getMessage()));
                }
              }
            },
            name);
    workers.add(thread);
    thread.start();
  }

  private void makeEffects(Logs log, Term term) throws TermEndedException {
    for (long sequence = 1; ; sequence++) {
      long before = System.nanoTime();
      term.ensureActive();
      long checked = System.nanoTime();
      log.effects.write(
          before, "effect", "epoch", term.epoch(), "sequence", sequence, "checked", checked);
      log.effects.write(System.nanoTime(), "done", "epoch", term.epoch(), "sequence", sequence);
      LockSupport.parkNanos(BETWEEN_EFFECTS);
    }
  }

  private void save(Logs log, Term term, long from) throws TermEndedException {
    for (long value = from + 1; ; value++) {
      term.ensureActive();
      saves++;
      int size = random.nextInt(4) == 0 ? random.nextInt(Long.BYTES, LARGE) : Long.BYTES;
      byte[] state = new byte[size];
      random.nextBytes(state);
      ByteBuffer.wrap(state).putLong(value);
      List<Object> words =
          List.of("epoch", term.epoch(), "op", saves, "value", value, "size", size);
      log.saves.write(System.nanoTime(), "invoke", words.toArray());
      saveOne(log, term, state, words);
      LockSupport.parkNanos(BETWEEN_SAVES);
    }
  }

  private static void saveOne(Logs log, Term term, byte[] state, List<Object> words)
      throws TermEndedException {
    List<Object> outcome = new ArrayList<>(words);
    try {
      Checkpoint saved = term.save(state);
      outcome.addAll(
          List.of("checkpointEpoch", saved.epoch(), "checkpointSequence", saved.sequence()));
      log.saves.write(System.nanoTime(), "ok", outcome.toArray());
    } catch (SaveUnknownException e) {
      outcome.addAll(List.of("why", String.valueOf(e.getMessage())));
      log.saves.write(System.nanoTime(), "unknown", outcome.toArray());
    } catch (TermEndedException e) {
      outcome.addAll(List.of("why", String.valueOf(e.getMessage())));
      log.saves.write(System.nanoTime(), "fail", outcome.toArray());
      throw e;
    }
  }

  private void write(Logs log, Term term) throws TermEndedException {
    MapCalls calls =
        new MapCalls(log.maps, log.map, log.who + "-" + term.epoch(), Optional.of(term));
    while (true) {
      term.ensureActive();
      if (random.nextInt(3) == 0) {
        Optional<SharedMap.Entry> found = calls.get(ChaosClient.FENCED_KEY);
        if (found.isPresent()) {
          calls.replace(found.get());
        }
      } else {
        calls.put(ChaosClient.FENCED_KEY);
      }
      LockSupport.parkNanos(BETWEEN_WRITES);
    }
  }

  @Override
  public void deactivate() throws InterruptedException {
    Logs log = logs.orElseThrow();
    log.activations.write(System.nanoTime(), "deactivate", "epoch", epoch);
    for (Thread worker : workers) {
      worker.join();
    }
    workers.clear();
    log.activations.write(System.nanoTime(), "deactivated", "epoch", epoch);
  }

  @Override
  public void stop() {
    logs.orElseThrow().activations.write(System.nanoTime(), "stop");
  }
}
