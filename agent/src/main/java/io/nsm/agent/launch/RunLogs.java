package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.supervisor.model.ProcessSpec.Logs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of one run, bounded. The program appends to {@code out.log} and {@code err.log} and
 * knows nothing of us; a file that has grown too big is copied to {@code out.log.<offset>}, named
 * by the place of its first byte in all of the output, and cut to nothing. So the program never
 * waits and its descriptor stays good. What it writes between the copy's last look and the cut
 * (some microseconds) is lost.
 */
public final class RunLogs {
  private static final Logger log = LoggerFactory.getLogger(RunLogs.class);

  /** The most that one read gives. */
  public static final int MAX_READ = 1024 * 1024;

  /** How far back {@link #tail} looks. */
  private static final int TAIL_BYTES = 256 * 1024;

  /** How often a copy looks for what was written meanwhile, before it gives up to keep up. */
  private static final int COPY_PASSES = 4;

  private final Path directory;
  private final ReentrantLock lock = new ReentrantLock(); // a reader must not see half a rotation
  private final DroppedOutput dropped = new DroppedOutput();
  private final LogTimes outTimes;
  private final LogTimes errTimes;
  private final AtomicBoolean markFailed = new AtomicBoolean(); // is told once
  private final AtomicBoolean cutFailed = new AtomicBoolean(); // is told once

  /** Where a program writes to. */
  public enum Stream {
    OUT,
    ERR;

    String file() {
      return name().toLowerCase(Locale.ROOT) + ".log";
    }
  }

  /** One line of output, without its end. */
  public record LogLine(Stream stream, String text) {}

  /**
   * A part of a stream.
   *
   * @param offset of the first byte, counted from the run's start; later than the one asked for if
   *     that is no longer kept
   */
  public record Chunk(long offset, byte[] bytes) {
    /** Where to go on reading. */
    public long next() {
      return offset + bytes.length;
    }
  }

  /** A file that holds the bytes from {@code start} on. */
  private record Segment(Path file, long start, long size) {
    long end() {
      return start + size;
    }
  }

  RunLogs(Path directory) {
    this.directory = directory;
    this.outTimes = new LogTimes(directory.resolve(Stream.OUT.file() + ".times"));
    this.errTimes = new LogTimes(directory.resolve(Stream.ERR.file() + ".times"));
  }

  private LogTimes times(Stream stream) {
    return stream == Stream.OUT ? outTimes : errTimes;
  }

  /** Bytes that were given up: the disk was full, or the program too fast. */
  public long dropped() {
    return dropped.bytes();
  }

  /** How much was given up in all, if there is more since this was asked last, a minute ago. */
  OptionalLong newlyDropped(long nowMillis) {
    return dropped.news(nowMillis);
  }

  /** Reads from an offset; no bytes mean that nothing was written since. */
  public Chunk read(Stream stream, long fromOffset, int maxBytes) throws IOException {
    lock.lock();
    try {
      List<Segment> segments = segments(stream);
      long from = Math.max(fromOffset, segments.get(0).start());
      for (Segment segment : segments) {
        if (from < segment.end()) {
          long start = Math.max(from, segment.start());
          return new Chunk(start, bytes(segment, start, Math.min(maxBytes, MAX_READ)));
        }
      }
      // Beyond the end: what was lost in a cut let the count fall behind.
      long end = segments.get(segments.size() - 1).end();
      return new Chunk(Math.min(from, end), new byte[0]);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The last lines, oldest first: those of standard output, then those of standard error; half of
   * them each, if there are as many.
   */
  public List<String> tail(int lines) throws IOException {
    List<LogLine> out = tail(Stream.OUT, lines);
    List<LogLine> err = tail(Stream.ERR, lines);
    int fromErr = Math.min(err.size(), Math.max(lines - lines / 2, lines - out.size()));
    int fromOut = Math.min(out.size(), lines - fromErr);
    List<LogLine> both = new ArrayList<>(out.subList(out.size() - fromOut, out.size()));
    both.addAll(err.subList(err.size() - fromErr, err.size()));
    return both.stream().map(LogLine::text).toList();
  }

  /** The last lines of a stream, oldest first. */
  public List<LogLine> tail(Stream stream, int lines) throws IOException {
    lock.lock();
    try {
      List<Segment> segments = segments(stream);
      long end = segments.get(segments.size() - 1).end();
      StringBuilder text = new StringBuilder();
      long from = Math.max(segments.get(0).start(), end - TAIL_BYTES);
      for (Segment segment : segments) {
        if (from < segment.end()) {
          long start = Math.max(from, segment.start());
          text.append(new String(bytes(segment, start, TAIL_BYTES), UTF_8));
        }
      }
      List<LogLine> all = text.toString().lines().map(line -> new LogLine(stream, line)).toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Where what was written after a time begins, as the offset of a byte; rather a second before
   * than after. Further back than some hour it is known less exactly.
   */
  public long since(Stream stream, Instant time) throws IOException {
    lock.lock();
    try {
      List<Segment> segments = segments(stream);
      Path file = segments.get(segments.size() - 1).file();
      boolean before =
          !Files.exists(file) || Files.getLastModifiedTime(file).toInstant().isBefore(time);
      return before
          ? segments.get(segments.size() - 1).end()
          : times(stream).placeOf(time.toEpochMilli());
    } finally {
      lock.unlock();
    }
  }

  /** Notes how much was written until now. Never fails: what is not noted is found less exactly. */
  void mark(long nowMillis) {
    lock.lock();
    try {
      for (Stream stream : Stream.values()) {
        List<Segment> segments = segments(stream);
        times(stream).mark(segments.get(segments.size() - 1).end(), nowMillis);
      }
    } catch (IOException fullOrGone) {
      if (markFailed.compareAndSet(false, true)) {
        log.warn("cannot note when {} was written: {}", directory, fullOrGone.toString());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Cuts what has grown too big. Never fails: what cannot be kept is dropped and counted. */
  void rotate(Logs limits) {
    lock.lock();
    try {
      for (Stream stream : Stream.values()) {
        rotate(stream, limits);
      }
    } finally {
      lock.unlock();
    }
  }

  private void rotate(Stream stream, Logs limits) {
    Path file = directory.resolve(stream.file());
    try {
      long size = Files.exists(file) ? Files.size(file) : 0;
      if (size < limits.maxFileSize()) {
        return;
      }
      long base = base(stream);
      removeOldest(stream, limits.maxFiles() - 2);
      long skipped = limits.maxFiles() > 1 ? Math.max(0, size - limits.maxFileSize()) : size;
      long copied = keep(file, skipped, directory.resolve(stream.file() + ".part"));
      // Named before the cut: a crash in between shows some lines twice instead of losing them.
      Files.move(
          directory.resolve(stream.file() + ".part"),
          directory.resolve(stream.file() + "." + (base + skipped)),
          StandardCopyOption.ATOMIC_MOVE);
      long late = Math.max(0, cut(file) - skipped - copied);
      dropped.add(limits.maxFiles() > 1 ? skipped + late : 0);
    } catch (IOException fullOrGone) {
      dropAll(file);
    }
  }

  /** Copies from {@code skipped} on until nothing new comes; how much it was. */
  private static long keep(Path file, long skipped, Path copy) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                copy,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long position = skipped;
      for (int pass = 0; pass < COPY_PASSES && position < from.size(); pass++) {
        long end = from.size();
        while (position < end) {
          long count = from.transferTo(position, end - position, to);
          if (count <= 0) {
            break;
          }
          position += count;
        }
      }
      return position - skipped;
    }
  }

  /** On a full disk the room matters more than the lines: the program goes on. */
  private void dropAll(Path file) {
    try {
      dropped.add(cut(file));
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".part"));
    } catch (NoSuchFileException pruned) {
      // the run's directory is gone, and its output with it
    } catch (IOException e) {
      if (cutFailed.compareAndSet(false, true)) {
        log.warn("cannot cut {}, which grows without bound: {}", file, e.toString());
      }
    }
  }

  /** Cuts a file to nothing; how long it was. */
  private static long cut(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long size = channel.size();
      channel.truncate(0);
      return size;
    }
  }

  private void removeOldest(Stream stream, int kept) throws IOException {
    List<Segment> rotated = rotated(stream);
    for (int i = 0; i < rotated.size() - Math.max(0, kept); i++) {
      Files.deleteIfExists(rotated.get(i).file());
    }
  }

  /** All that is kept, oldest first; the last one is the file the program writes to. */
  private List<Segment> segments(Stream stream) throws IOException {
    List<Segment> segments = new ArrayList<>(rotated(stream));
    Path file = directory.resolve(stream.file());
    segments.add(new Segment(file, base(stream), Files.exists(file) ? Files.size(file) : 0));
    return segments;
  }

  private long base(Stream stream) throws IOException {
    List<Segment> rotated = rotated(stream);
    return rotated.isEmpty() ? 0 : rotated.get(rotated.size() - 1).end();
  }

  private List<Segment> rotated(Stream stream) throws IOException {
    String prefix = stream.file() + ".";
    List<Segment> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "[0-9]*")) {
      for (Path file : files) {
        long start = Long.parseLong(file.getFileName().toString().substring(prefix.length()));
        segments.add(new Segment(file, start, Files.size(file)));
      }
    }
    segments.sort(Comparator.comparingLong(Segment::start));
    return segments;
  }

  private static byte[] bytes(Segment segment, long start, int most) throws IOException {
    long offset = start - segment.start();
    int length = (int) Math.min(most, segment.size() - offset);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (FileChannel file = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {}
    }
    byte[] read = new byte[bytes.flip().remaining()];
    bytes.get(read);
    return read;
  }
}
