package io.nsm.agent.node;

import io.nsm.agent.http.Operations.LogQuery;
import io.nsm.agent.http.Refusal;
import io.nsm.agent.launch.OsLauncher;
import io.nsm.agent.launch.RunLogs;
import io.nsm.agent.launch.RunRecord;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the output of this host's runs. */
final class HostLogs {

  /** Lines of output that go with the end of a run. */
  static final int TAIL_LINES = 10;

  private final HostName host;
  private final OsLauncher launcher;
  private final Clock clock;

  /**
   * @param clock by which times are told to people
   */
  HostLogs(HostName host, OsLauncher launcher, Clock clock) {
    this.host = host;
    this.launcher = launcher;
    this.clock = clock;
  }

  /** Where to read on: a run and how much of its output was read. */
  private record Bookmark(RunId run, long offset) {
    static Bookmark parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        return new Bookmark(
            RunId.parse(text.substring(0, Math.max(0, colon))),
            Long.parseLong(text.substring(colon + 1)));
      } catch (IllegalArgumentException malformed) {
        throw Refusal.of(
            ErrorCode.INVALID,
            "'" + text + "' is not a place in a log: use 'next' as it was given");
      }
    }

    @Override
    public String toString() {
      return run + ":" + offset;
    }
  }

  /** What is there now; {@code patience} is the caller's. */
  LogChunk read(LogQuery query) {
    try {
      List<RunRecord> runs = launcher.runs(query.instance());
      if (query.since().isPresent()) {
        return since(query, runs, clock.instant().minus(query.since().get()));
      }
      Optional<Bookmark> from = query.from().map(Bookmark::parse);
      Optional<RunRecord> run =
          from.isPresent()
              ? runs.stream().filter(r -> r.run().equals(from.get().run())).findFirst()
              : runs.stream().skip(query.previous() ? 1 : 0).findFirst();
      if (run.isEmpty()) {
        boolean lost = from.isPresent();
        return chunk(query, Optional.empty(), List.of(), Optional.empty(), lost);
      }
      RunLogs.Stream stream = stream(query);
      Optional<RunLogs> logs = launcher.logs(run.get().run());
      if (logs.isEmpty()) {
        return chunk(query, Optional.empty(), List.of(), Optional.empty(), from.isPresent());
      }
      return from.isPresent()
          ? onwards(query, runs, run.get(), logs.get(), stream, from.get().offset())
          : last(query, run.get(), logs.get(), stream);
    } catch (IOException e) {
      throw Refusal.of(ErrorCode.INTERNAL, "the output cannot be read: " + e.getMessage());
    }
  }

  /** From a time on; the runs after it follow when that is read on. */
  private LogChunk since(LogQuery query, List<RunRecord> runs, Instant time) throws IOException {
    for (int i = runs.size() - 1; i >= 0; i--) {
      RunRecord run = runs.get(i);
      Optional<RunLogs> logs = launcher.logs(run.run());
      if (logs.isEmpty()) {
        continue;
      }
      long place = logs.get().since(stream(query), time);
      boolean any = logs.get().read(stream(query), place, 1).bytes().length > 0;
      if (any || i == 0) {
        return onwards(query, runs, run, logs.get(), stream(query), place);
      }
    }
    return chunk(query, Optional.empty(), List.of(), Optional.empty(), false);
  }

  private static RunLogs.Stream stream(LogQuery query) {
    return query.stream() == LogChunk.Stream.STDOUT ? RunLogs.Stream.OUT : RunLogs.Stream.ERR;
  }

  private LogChunk last(LogQuery query, RunRecord run, RunLogs logs, RunLogs.Stream stream)
      throws IOException {
    long end = end(logs, stream);
    List<String> lines =
        logs.tail(stream, query.lines()).stream().map(RunLogs.LogLine::text).toList();
    return chunk(
        query, Optional.of(run.run()), lines, Optional.of(new Bookmark(run.run(), end)), false);
  }

  private static long end(RunLogs logs, RunLogs.Stream stream) throws IOException {
    return logs.read(stream, Long.MAX_VALUE, 1).next();
  }

  private LogChunk onwards(
      LogQuery query,
      List<RunRecord> runs,
      RunRecord run,
      RunLogs logs,
      RunLogs.Stream stream,
      long offset)
      throws IOException {
    RunLogs.Chunk chunk = logs.read(stream, offset, RunLogs.MAX_READ);
    byte[] bytes = chunk.bytes();
    boolean over = run.ended().isPresent();
    int whole = over ? bytes.length : lastLineEnd(bytes);
    String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
    List<String> lines = text.lines().limit(query.lines()).toList();
    long used = whole;
    if (text.lines().count() > lines.size()) {
      used = 0;
      for (String line : lines) {
        used += line.getBytes(StandardCharsets.UTF_8).length + 1L;
      }
    }
    Bookmark next = new Bookmark(run.run(), chunk.offset() + used);
    if (over && bytes.length == 0) {
      // A newer run has begun: read on there.
      int at = runs.indexOf(run);
      if (at > 0) {
        next = new Bookmark(runs.get(at - 1).run(), 0);
      }
    }
    return chunk(query, Optional.of(run.run()), lines, Optional.of(next), chunk.offset() > offset);
  }

  private static int lastLineEnd(byte[] bytes) {
    for (int i = bytes.length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }

  private LogChunk chunk(
      LogQuery query,
      Optional<RunId> run,
      List<String> lines,
      Optional<Bookmark> next,
      boolean missed) {
    return new LogChunk(
        query.instance(), host, run, query.stream(), lines, next.map(Bookmark::toString), missed);
  }

  /** How the last runs of an instance ended, with the end of their output, the newest first. */
  List<EndedRun> ended(
      InstanceId instance, List<io.nsm.supervisor.model.InstanceReport.Exit> exits) {
    List<EndedRun> ended = new ArrayList<>();
    for (var exit : exits) {
      ended.add(
          new EndedRun(
              exit.run(),
              Instant.ofEpochMilli(exit.atMillis()),
              Duration.ofMillis(exit.livedMillis()),
              exit.reason(),
              launcher.tail(exit.run(), TAIL_LINES)));
    }
    return ended;
  }
}
