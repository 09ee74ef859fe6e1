package io.nsm.agent.cluster;

import io.nsm.process.ManagedProcess;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.ProcessContext;
import io.nsm.process.SaveUnknownException;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.runtime.NsmRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process whose effects can be judged: while it acts it counts, and appends each number to a file
 * outside NSM. Its argument is that file. What the lines mean: {@link Recording}.
 */
public final class Recorder implements ManagedProcess {
  /** The key of {@link #MAP} that holds the last count. */
  static final String KEY = "count";

  static final String MAP = "recorder";

  private static final int COUNTS_PER_SAVE = 5;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private Path file = Path.of("");
  private String instance = "";
  private Optional<SharedMap> map = Optional.empty();
  private Thread worker = new Thread();

  public static void main(String[] args) {
    NsmRuntime.run(new Recorder(), args);
  }

  @Override
  public void start(ProcessContext context) {
    file = Path.of(context.args().get(0));
    instance = context.process() + "/" + context.instance();
    map = Optional.of(context.map(MAP));
  }

  @Override
  public void activate(Term term) {
    long at = System.nanoTime();
    long count =
        term.lastCheckpoint()
            .map(saved -> Long.parseLong(new String(saved.state(), StandardCharsets.US_ASCII)))
            .orElse(0L);
    write(Recording.Kind.ENTERED, term, count, at);
    worker = new Thread(() -> act(term, count), "recorder");
    worker.start();
  }

  /** The time is taken before the check: what is written was allowed at that time or later. */
  private void act(Term term, long from) {
    try {
      for (long count = from + 1; ; count++) {
        long at = System.nanoTime();
        term.ensureActive();
        write(Recording.Kind.ACTED, term, count, at);
        if (count % COUNTS_PER_SAVE == 0) {
          save(term, count);
          share(term, count);
        }
        LockSupport.parkNanos(PAUSE);
      }
    } catch (TermEndedException over) {
      write(Recording.Kind.ENDED, term, 0, System.nanoTime());
    }
  }

  private void save(Term term, long count) throws TermEndedException {
    long at = System.nanoTime();
    try {
      term.save(Long.toString(count).getBytes(StandardCharsets.US_ASCII));
      write(Recording.Kind.SAVED, term, count, at);
    } catch (SaveUnknownException unknown) {
      write(Recording.Kind.UNKNOWN, term, count, at);
    }
  }

  private void share(Term term, long count) throws TermEndedException {
    long at = System.nanoTime();
    try {
      map.orElseThrow().put(KEY, Long.toString(count).getBytes(StandardCharsets.US_ASCII), term);
      write(Recording.Kind.SHARED, term, count, at);
    } catch (MapUnavailableException unknown) {
      write(Recording.Kind.UNKNOWN, term, count, at);
    }
  }

  @Override
  public void deactivate() throws InterruptedException {
    worker.join();
  }

  private void write(Recording.Kind kind, Term term, long count, long at) {
    append(file, kind + " " + term.epoch() + " " + count + " " + at + " " + instance + "\n");
  }

  /** In one write, so that lines of several programs do not mix. */
  static void append(Path file, String line) {
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
