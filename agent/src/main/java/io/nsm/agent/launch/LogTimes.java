package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * When what was written to a stream: marks of how long it was at which time, in a file beside it, a
 * line each: the bytes since the run's start, and milliseconds since 1970. The newest hour or so is
 * known to the second; of what is older, every halving of the file leaves half of the marks.
 */
final class LogTimes {
  /** How many marks are kept at most; some 100 KB. */
  static final int MAX_MARKS = 4096;

  /** How far apart marks are at least. */
  static final long APART_MILLIS = 1000;

  private final Path file;
  private List<Mark> marks = List.of();
  private boolean known;

  /** All bytes before {@code end} were written until {@code atMillis}. */
  private record Mark(long end, long atMillis) {}

  LogTimes(Path file) {
    this.file = file;
  }

  /** Marks how long a stream is now, if it has grown and the last mark is old enough. */
  void mark(long end, long atMillis) throws IOException {
    read();
    Mark last = marks.isEmpty() ? new Mark(0, Long.MIN_VALUE) : marks.get(marks.size() - 1);
    boolean soon = atMillis >= last.atMillis() && atMillis - APART_MILLIS < last.atMillis();
    if (end <= last.end() || soon) {
      return;
    }
    Mark mark = new Mark(end, atMillis);
    marks.add(mark);
    if (marks.size() <= MAX_MARKS) {
      Files.writeString(
          file, line(mark), US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } else {
      halve();
    }
  }

  /** Of each two, the later one: what it says of the bytes before it holds of both. */
  private void halve() throws IOException {
    List<Mark> kept = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = marks.size() % 2; i < marks.size(); i += 2) {
      Mark mark = marks.get(Math.min(i + 1, marks.size() - 1));
      kept.add(mark);
      text.append(line(mark));
    }
    marks = kept;
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(draft, text, US_ASCII);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String line(Mark mark) {
    return mark.end() + " " + mark.atMillis() + "\n";
  }

  /**
   * Where what was written after a time begins at the latest: rather a little before. If the clock
   * was set back, where it first came to that time.
   */
  long placeOf(long atMillis) throws IOException {
    read();
    long place = 0;
    for (Mark mark : marks) {
      if (mark.atMillis() > atMillis) {
        return place;
      }
      place = mark.end();
    }
    return place;
  }

  /** A line that was not written whole is the last one, and says nothing. */
  private void read() throws IOException {
    if (known) {
      return;
    }
    List<Mark> read = new ArrayList<>();
    for (String line :
        Files.exists(file) ? Files.readAllLines(file, US_ASCII) : List.<String>of()) {
      int space = line.indexOf(' ');
      if (space > 0 && line.substring(space + 1).matches("[0-9]{13}")) {
        read.add(
            new Mark(
                Long.parseLong(line.substring(0, space)),
                Long.parseLong(line.substring(space + 1))));
      }
    }
    marks = read;
    known = true;
  }
}
