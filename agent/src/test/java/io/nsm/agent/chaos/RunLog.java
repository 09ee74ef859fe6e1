package io.nsm.agent.chaos;

import io.nsm.process.ProcessContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What one run writes down in a file outside NSM: {@code KIND-INSTANCE-RUN.jsonl}, each line in one
 * write, so that a kill leaves at most one torn line, the last.
 */
final class RunLog {
  private final FileChannel file;
  private final List<Object> who;

  private RunLog(FileChannel file, List<Object> who) {
    this.file = file;
    this.who = who;
  }

  /** A name for this life of the JVM that no other has. */
  static String newRun() {
    return ProcessHandle.current().pid() + "x" + System.nanoTime();
  }

  /** Opens the file of this run for one kind of lines. */
  static RunLog open(Path directory, String kind, ProcessContext context, String run) {
    String name = kind + "-" + context.process() + "-" + context.instance() + "-" + run + ".jsonl";
    try {
      return new RunLog(
          FileChannel.open(
              directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          List.of(
              "process",
              context.process(),
              "instance",
              context.process() + "/" + context.instance(),
              "host",
              context.host(),
              "run",
              run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line with the time given and who this is. */
  void write(long at, String kind, Object... pairs) {
    List<Object> all = new ArrayList<>(List.of("t", at, "kind", kind));
    all.addAll(who);
    all.addAll(List.of(pairs));
    byte[] line = (JsonLine.of(all.toArray()) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      file.write(ByteBuffer.wrap(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
