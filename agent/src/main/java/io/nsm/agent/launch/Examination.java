package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs short programs that tell by their exit code how a run does. */
final class Examination implements AutoCloseable {
  /** How much of a program's output is kept for the message; the rest is read and dropped. */
  private static final int MOST_OUTPUT = 1024;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "nsm-examine");
            thread.setDaemon(true);
            return thread;
          });

  /** See {@link Launcher#examine}. */
  CompletionStage<Optional<String>> run(
      RunId run, List<String> words, Map<String, String> environment, Duration timeout) {
    return CompletableFuture.supplyAsync(() -> examine(run, words, environment, timeout), threads);
  }

  private Optional<String> examine(
      RunId run, List<String> words, Map<String, String> environment, Duration timeout) {
    Process process;
    try {
      process = start(words, environment);
    } catch (IOException e) {
      return Optional.of("cannot be started: " + e.getMessage());
    }
    Optional<Pid> pid = ProcStat.read(process.pid()).map(ProcStat::pid);
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> lastOf(process.getInputStream()), threads);
    try {
      if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.of("no exit within " + timeout.toMillis() + " ms");
      }
      int code = process.exitValue();
      return code == 0 ? Optional.empty() : Optional.of(failure(code, output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the agent ends");
    } finally {
      end(process);
      pid.ifPresent(leader -> endSession(leader, run));
    }
  }

  /** In a session of its own, so that what it starts is found and ended with it. */
  private static Process start(List<String> words, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>();
    HostPrograms.find("setsid").ifPresent(program -> line.add(program.toString()));
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private static String failure(int code, CompletableFuture<String> output) {
    // What it left behind may hold its output open: then there is no text, and that is all.
    String text = output.completeOnTimeout("", 100, TimeUnit.MILLISECONDS).join().strip();
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return "exit code " + code + (last.isEmpty() ? "" : ": " + last);
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** What it left behind: in its session, and with the run in its environment as it had it. */
  private static void endSession(Pid leader, RunId run) {
    new Session(leader, run, false).members().forEach(left -> left.pid().signal(true));
  }

  private static String lastOf(InputStream stream) {
    byte[] kept = new byte[0];
    byte[] part = new byte[MOST_OUTPUT];
    try (stream) {
      for (int read = stream.read(part); read >= 0; read = stream.read(part)) {
        byte[] longer = new byte[kept.length + read];
        System.arraycopy(kept, 0, longer, 0, kept.length);
        System.arraycopy(part, 0, longer, kept.length, read);
        int surplus = Math.max(0, longer.length - MOST_OUTPUT);
        kept = Arrays.copyOfRange(longer, surplus, longer.length);
      }
    } catch (IOException ended) {
      // It was killed: what it said until then counts.
    }
    return new String(kept, UTF_8);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
