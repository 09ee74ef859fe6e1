package io.nsm.agent.bench;

import io.nsm.process.ManagedProcess;
import io.nsm.process.MapUnavailableException;
import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import io.nsm.process.runtime.NsmRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The process under measurement: writes when it began and stopped to act, on the clock that all
 * processes of a machine share, and if told to how long its saves took.
 *
 * <p>Arguments: the file to append to, how many saves of 1 KB to do in each term, and how many
 * milliseconds to wait between writes to a shared map under the term, 0 for none.
 */
public final class Stamper implements ManagedProcess {
  private Path file = Path.of("stamps");
  private int instance;
  private int saves;
  private int pauseMillis;
  private Optional<SharedMap> map = Optional.empty();

  public static void main(String[] args) {
    NsmRuntime.run(new Stamper(), args);
  }

  @Override
  public void start(ProcessContext context) {
    instance = context.instance();
    file = Path.of(context.args().get(0));
    saves = Integer.parseInt(context.args().get(1));
    pauseMillis = Integer.parseInt(context.args().get(2));
    map = pauseMillis > 0 ? Optional.of(context.map("stamps")) : Optional.empty();
  }

  @Override
  public void activate(Term term) throws IOException {
    long entered = System.nanoTime();
    write("A %d %d %d".formatted(term.epoch(), entered, instance));
    if (saves > 0) {
      Thread saver = new Thread(() -> save(term), "saver");
      saver.setDaemon(true);
      saver.start();
    }
    map.ifPresent(
        shared -> {
          Thread writer = new Thread(() -> write(shared, term), "writer");
          writer.setDaemon(true);
          writer.start();
        });
  }

  private void write(SharedMap shared, Term term) {
    try {
      for (long count = 0; term.isActive(); count++) {
        byte[] value = Long.toString(count).getBytes(StandardCharsets.UTF_8);
        try {
          shared.put("newest", value, term);
        } catch (MapUnavailableException again) {
          // The next one is tried all the same: this one is for the load.
        }
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      }
    } catch (TermEndedException | InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void deactivate() throws IOException {
    write("D 0 %d %d".formatted(System.nanoTime(), instance));
  }

  private void save(Term term) {
    byte[] state = new byte[1024];
    long[] micros = new long[saves];
    try {
      long warmSince = 0;
      for (int i = 0; i < saves; i++) {
        if (i == saves / 2) {
          warmSince = System.nanoTime();
        }
        state[i % state.length]++;
        long before = System.nanoTime();
        term.save(state);
        micros[i] = (System.nanoTime() - before) / 1000;
      }
      long took = System.nanoTime() - warmSince;
      long[] warm = Arrays.copyOfRange(micros, saves / 2, saves);
      Arrays.sort(warm);
      write(
          String.format(
              Locale.ROOT,
              "S %d %d %d %.1f",
              warm.length,
              warm[warm.length / 2],
              warm[(int) (warm.length * 0.99)],
              warm.length * 1e9 / took));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String line) throws IOException {
    Files.write(
        file,
        (line + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
