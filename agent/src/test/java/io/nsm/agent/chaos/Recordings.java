package io.nsm.agent.chaos;

import io.nsm.supervisor.model.InstanceId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A look at the ends of what the recorded processes write, while they do. */
final class Recordings {
  private static final int END = 16 << 10;
  private static final Pattern TIME = Pattern.compile("\"t\":(\\d+)");
  private static final Pattern HOST = Pattern.compile("\"host\":\"([^\"]*)\"");

  private final Path directory;

  Recordings(Path directory) {
    this.directory = directory;
  }

  /** The files of a kind that were written last, the newest first. */
  private List<Path> newest(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed())
          .limit(16)
          .toList();
    }
  }

  Optional<Path> newest(String kind, InstanceId id) throws IOException {
    return newest(kind + "-" + id.toString().replace('/', '-') + "-").stream().findFirst();
  }

  /** The last whole line of a file; empty if there is none. */
  static String lastLine(Path file) throws IOException {
    List<String> lines = lastLines(file);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private static List<String> lastLines(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - END);
      byte[] bytes = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      int begin = from == 0 ? 0 : text.indexOf('\n') + 1;
      int end = text.lastIndexOf('\n') + 1;
      return begin < end ? text.substring(begin, end).lines().toList() : List.of();
    }
  }

  /** Whether a checkpoint was acknowledged after an instant. */
  boolean savedAfter(long instant) throws IOException {
    return after("saves-", instant, "\"kind\":\"ok\"").isPresent();
  }

  /** Whether a compare-and-set of a client took place after an instant. */
  boolean comparedAndSetAfter(long instant) throws IOException {
    return after("maps-client-", instant, "\"call\":\"replace\"", "\"done\":true").isPresent();
  }

  /** The host on which the recorder was activated after an instant. */
  Optional<String> activatedAfter(long instant) throws IOException {
    return after("activations-recorder-", instant, "\"kind\":\"activate\"")
        .map(
            line -> {
              Matcher host = HOST.matcher(line);
              return host.find() ? host.group(1) : "";
            });
  }

  private Optional<String> after(String prefix, long instant, String... words) throws IOException {
    for (Path file : newest(prefix)) {
      for (String line : lastLines(file)) {
        Matcher time = TIME.matcher(line);
        if (Stream.of(words).allMatch(line::contains)
            && time.find()
            && Long.parseLong(time.group(1)) > instant) {
          return Optional.of(line);
        }
      }
    }
    return Optional.empty();
  }
}
