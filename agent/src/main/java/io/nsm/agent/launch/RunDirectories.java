package io.nsm.agent.launch;

import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories of all runs: {@code runs/<process>/<number>/<run>}. */
final class RunDirectories {
  private static final Logger log = LoggerFactory.getLogger(RunDirectories.class);
  private static final String PASSED = "rwx--x--x";

  private final Path root;

  RunDirectories(Path runDirectory) {
    this.root = runDirectory.resolve("runs");
  }

  /** The runs of an instance that are kept, newest first. */
  List<RunRecord> runs(InstanceId instance) throws IOException {
    List<RunRecord> records = new ArrayList<>();
    for (Path directory : children(of(instance))) {
      RunFiles files = new RunFiles(directory);
      order(files).map(order -> record(files, order)).ifPresent(records::add);
    }
    records.sort(
        Comparator.comparing(RunRecord::launchedAt)
            .thenComparing(record -> record.run().counter())
            .reversed());
    return records;
  }

  /** The output of a run that is kept. */
  Optional<RunLogs> logs(RunId run) throws IOException {
    return find(run).map(RunFiles::directory).map(RunLogs::new);
  }

  Optional<RunFiles> find(RunId run) throws IOException {
    return all().stream().filter(files -> files.directory().endsWith(run.toString())).findFirst();
  }

  RunFiles files(InstanceId instance, RunId run) {
    return new RunFiles(of(instance).resolve(run.toString()));
  }

  /** Makes the directory, for the owner only. */
  void create(RunFiles files) throws IOException {
    Files.createDirectories(
        files.directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /**
   * Lets another user's program get to the directory of its run, and write into one of its own
   * there. Nobody else can enter; what is on the way can be passed, not listed.
   */
  void letIn(RunFiles files, RunUser user) throws IOException {
    for (Path way = files.directory(); !way.equals(root.getParent()); way = parent(way)) {
      Files.setPosixFilePermissions(
          way,
          PosixFilePermissions.fromString(way.equals(files.directory()) ? "rwx--x---" : PASSED));
    }
    Files.setPosixFilePermissions(parent(root), PosixFilePermissions.fromString(PASSED));
    Files.setAttribute(files.directory(), "unix:gid", user.gid());
    Path own = Files.createDirectory(files.directory().resolve(RunFiles.OF_USER));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(own, "unix:uid", user.uid());
    Files.setAttribute(own, "unix:gid", user.gid());
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  List<RunFiles> all() throws IOException {
    List<RunFiles> all = new ArrayList<>();
    for (Path process : children(root)) {
      for (Path instance : children(process)) {
        children(instance).forEach(run -> all.add(new RunFiles(run)));
      }
    }
    return all;
  }

  /**
   * Removes the oldest runs of an instance that nobody asks for any more, and all heap dumps but
   * the newest.
   */
  void prune(InstanceId instance, int kept) throws IOException {
    int ended = 0;
    int dumps = 0;
    for (RunRecord record : runs(instance)) {
      RunFiles files = files(instance, record.run());
      if (record.ended().isPresent() && files.forgotten() && ended++ >= kept) {
        delete(files);
      } else {
        Optional<Path> dump = files.heapDump();
        if (record.ended().isPresent() && dump.isPresent() && dumps++ > 0) {
          Files.delete(dump.get());
        }
      }
    }
  }

  void delete(RunFiles files) throws IOException {
    if (!Files.isDirectory(files.directory())) {
      return;
    }
    for (Path file : children(files.directory())) {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        deleteOfUser(file);
      }
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(files.directory());
  }

  /** Another user's: links in it are not followed, and what lies deeper is not ours to remove. */
  private static void deleteOfUser(Path directory) throws IOException {
    for (Path file : children(directory)) {
      try {
        Files.deleteIfExists(file);
      } catch (DirectoryNotEmptyException deeper) {
        log.warn("{} is not removed: a run made it, and it is not empty", file);
      }
    }
  }

  /** A damaged order belongs to a run that the next adoption removes. */
  private static Optional<Order> order(RunFiles files) throws IOException {
    try {
      return files.order();
    } catch (MalformedException damaged) {
      return Optional.empty();
    }
  }

  private static RunRecord record(RunFiles files, Order order) {
    return new RunRecord(order.instance(), order.run(), order.launchedAt(), files.status());
  }

  private Path of(InstanceId instance) {
    return root.resolve(instance.process().name()).resolve(Integer.toString(instance.number()));
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(children::add);
    }
    return children;
  }
}
