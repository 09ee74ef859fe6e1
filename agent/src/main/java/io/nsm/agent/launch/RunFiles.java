package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run: {@code order.json}, {@code pid} and {@code exit} (written by the run's
 * parent, see {@code run-parent.sh}), {@code cgroups} (a line each), the marks {@code cancelled},
 * {@code oom-killed} and {@code forgotten}, {@code threads.txt} and the output.
 */
record RunFiles(Path directory) {
  private static final Logger log = LoggerFactory.getLogger(RunFiles.class);

  static final String HEAP_DUMP = "heap.hprof";
  static final String GC_LOG = "gc.log";

  /** What the threads of a JVM did when it was killed because it did nothing. */
  static final String THREADS = "threads.txt";

  /** What a JVM leaves behind that runs as another user: its own directory in that of the run. */
  static final String OF_USER = "jvm";

  private static final String OOM_KILLED = "oom-killed";

  /** What {@code -XX:+ExitOnOutOfMemoryError} exits with. */
  private static final int OUT_OF_MEMORY = 3;

  private static final int KILLED = 128 + 9;
  private static final int LAST_WORDS = 20;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** The program and its parent. */
  record Pids(Pid program, Pid parent) {}

  /** Writes the order whole or not at all; it holds the link's token, so only we may read it. */
  void writeOrder(Order order) throws IOException {
    Path whole = directory.resolve("order.json");
    Path part = directory.resolve("order.json.part");
    Files.deleteIfExists(part);
    Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.write(part, Json.bytes(order));
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Empty if the agent did not come to write it. */
  Optional<Order> order() throws IOException, MalformedException {
    try {
      return Optional.of(
          Json.read(Files.readAllBytes(directory.resolve("order.json")), Order.class));
    } catch (NoSuchFileException never) {
      return Optional.empty();
    }
  }

  /** Before anything is started: what an agent finds here it looks into when the run ends. */
  void writeGroups(RunGroups groups) throws IOException {
    Files.writeString(directory.resolve("cgroups"), groups.text());
  }

  /** The control groups that were made for the run. */
  RunGroups groups() {
    try {
      return RunGroups.parse(Files.readString(directory.resolve("cgroups")));
    } catch (NoSuchFileException none) {
      return RunGroups.NONE;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read which groups are of the run in " + directory, e);
    }
  }

  /** The heap dump that the run left behind, if it did. */
  Optional<Path> heapDump() {
    return Stream.of(directory.resolve(HEAP_DUMP), directory.resolve(OF_USER).resolve(HEAP_DUMP))
        .filter(Files::exists)
        .findFirst();
  }

  /** The kernel killed some of it, as its memory limit was reached. */
  void markOutOfMemory() throws IOException {
    mark(OOM_KILLED);
  }

  Optional<Pids> pids() {
    return line("pid").map(RunFiles::parsePids);
  }

  static Pids parsePids(String line) {
    String[] words = line.split(" ");
    return new Pids(
        new Pid(Long.parseLong(words[0]), Long.parseLong(words[1])),
        new Pid(Long.parseLong(words[2]), Long.parseLong(words[3])));
  }

  OptionalInt exitCode() {
    return line("exit").stream().mapToInt(Integer::parseInt).findFirst();
  }

  /**
   * How the run ended, now that it has. Whoever kills the run's parent leaves no exit code behind;
   * then SIGKILL is what ended the program as well, and is written down.
   */
  ExitStatus end(OptionalInt code) {
    int known = code.orElse(KILLED);
    if (exitCode().isEmpty()) {
      try {
        Files.writeString(directory.resolve("exit"), known + "\n");
      } catch (IOException e) {
        log.warn("cannot write how the run in {} ended ({}): {}", directory, known, e.toString());
      }
    }
    return status(known);
  }

  /** Writes down what the threads of a JVM do, or why it did not say; {@value #THREADS}. */
  void dumpThreads(Pid program) {
    Path file = directory.resolve(THREADS);
    try {
      String text;
      try {
        text = ThreadDump.of(program);
      } catch (IOException e) {
        log.warn("no thread dump of pid {}: {}", program.number(), e.getMessage());
        text = "no thread dump: " + e.getMessage() + "\n";
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      log.warn("cannot write {}: {}", file, e.toString());
    }
  }

  InstanceId instance() {
    Path number = Objects.requireNonNull(directory.getParent());
    Path process = Objects.requireNonNull(number.getParent());
    return InstanceId.parse(process.getFileName() + "/" + number.getFileName());
  }

  /** How the run ended, if it did and somebody was there to write it down. */
  Optional<ExitStatus> status() {
    OptionalInt code = exitCode();
    return code.isPresent() ? Optional.of(status(code.getAsInt())) : Optional.empty();
  }

  /**
   * A shell tells an exit with 137 from SIGKILL no more than we can; the latter is the likelier.
   */
  private ExitStatus status(int code) {
    return new ExitStatus(code, SignalName.ofExitCode(code), outOfMemory(code));
  }

  private boolean outOfMemory(int code) {
    return code == KILLED
        ? Files.exists(directory.resolve(OOM_KILLED))
        : code == OUT_OF_MEMORY && saysOutOfMemory();
  }

  /** Any program may exit with 3; a JVM that does so for want of memory says it on its way out. */
  private boolean saysOutOfMemory() {
    try {
      return new RunLogs(directory)
          .tail(RunLogs.Stream.OUT, LAST_WORDS).stream()
              .anyMatch(
                  line -> line.text().startsWith("Terminating due to java.lang.OutOfMemoryError"));
    } catch (IOException unreadable) {
      return false; // then the exit code speaks for itself
    }
  }

  /** From now on the run's parent starts no program. */
  void cancel() throws IOException {
    mark("cancelled");
  }

  void forget() throws IOException {
    mark("forgotten");
  }

  boolean forgotten() {
    return Files.exists(directory.resolve("forgotten"));
  }

  private void mark(String name) throws IOException {
    Path mark = directory.resolve(name);
    if (!Files.exists(mark)) {
      Files.write(mark, new byte[0]);
    }
  }

  /** A line counts once it is whole: the shell writes it with its end in one go. */
  private Optional<String> line(String name) {
    try (SeekableByteChannel file =
        Files.newByteChannel(directory.resolve(name), StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(128);
      while (bytes.hasRemaining() && file.read(bytes) > 0) {}
      String text = new String(bytes.array(), 0, bytes.position(), US_ASCII);
      return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }
}
