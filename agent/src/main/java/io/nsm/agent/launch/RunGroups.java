package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups of one run: none where the host permits none, one in version 2, one in each
 * tree that is used in version 1.
 */
record RunGroups(List<Path> directories) {
  private static final Logger log = LoggerFactory.getLogger(RunGroups.class);

  static final RunGroups NONE = new RunGroups(List.of());

  RunGroups {
    directories = List.copyOf(directories);
  }

  /** As they were written down in the directory of a run. */
  static RunGroups parse(String lines) {
    return new RunGroups(lines.lines().filter(it -> it.startsWith("/")).map(Path::of).toList());
  }

  /** A line each. */
  String text() {
    StringBuilder text = new StringBuilder();
    directories.forEach(directory -> text.append(directory).append('\n'));
    return text.toString();
  }

  /**
   * What still runs in them, and in groups that the run itself made below.
   *
   * @throws UncheckedIOException if that cannot be seen: then nothing is known, not that all ended
   */
  List<Pid> members() {
    List<Pid> members = new ArrayList<>();
    for (Path group : all()) {
      for (String number : lines(group.resolve("cgroup.procs"))) {
        ProcStat.read(Long.parseLong(number))
            .filter(ProcStat::runs)
            .map(ProcStat::pid)
            .filter(pid -> !members.contains(pid))
            .ifPresent(members::add);
      }
    }
    return members;
  }

  /**
   * Kills all that is in them at one go, what is just being forked included: by {@code cgroup.kill}
   * in version 2 (Linux 5.14), by freezing first in version 1. Without either, one by one.
   */
  void kill() {
    for (Path group : all()) {
      Path kill = group.resolve("cgroup.kill");
      Path freezer = group.resolve("freezer.state");
      if (Files.exists(kill)) {
        write(kill, "1");
      } else if (Files.exists(freezer)) {
        write(freezer, "FROZEN");
        members().forEach(pid -> pid.signal(true));
        write(freezer, "THAWED");
      }
    }
    members().forEach(pid -> pid.signal(true));
  }

  /** How many processes the kernel killed because the memory limit was reached. */
  long outOfMemoryKills() {
    long kills = 0;
    for (Path group : directories) {
      for (String file : List.of("memory.events", "memory.oom_control")) {
        for (String line : lines(group.resolve(file))) {
          if (line.startsWith("oom_kill ")) {
            kills += Long.parseLong(line.substring("oom_kill ".length()).trim());
          }
        }
      }
    }
    return kills;
  }

  /** Removes them; what still holds a process stays, and is swept when the agent starts anew. */
  void removeIfEmpty() {
    List<Path> all = all();
    for (int i = all.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(all.get(i));
      } catch (IOException busy) {
        log.debug("{} stays for now: {}", all.get(i), busy.toString());
      }
    }
  }

  /** Parents before their children. */
  private List<Path> all() {
    List<Path> all = new ArrayList<>();
    directories.forEach(directory -> collect(directory, all));
    return all;
  }

  private static void collect(Path group, List<Path> into) {
    if (!Files.isDirectory(group)) {
      return;
    }
    into.add(group);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(group, Files::isDirectory)) {
      children.forEach(child -> collect(child, into));
    } catch (IOException gone) {
      log.debug("{} went away: {}", group, gone.toString());
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file, UTF_8).lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw new UncheckedIOException("cannot look into a control group", e);
      }
      return List.of(); // it never was there, or is no more
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException gone) {
      log.debug("cannot write {} to {}: {}", text, file, gone.toString());
    }
  }
}
