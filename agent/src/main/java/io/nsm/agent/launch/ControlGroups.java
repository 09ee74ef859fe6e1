package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.supervisor.model.Resources;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups in which an agent keeps its runs, one for each: they hold what leaves the
 * run's session, and bound memory and processor time. Below the agent's own group there is one
 * named after its run directory, and in that one for each run. In version 2 a group whose children
 * have limits may hold no process itself, so the agent moves into a child as well.
 */
public final class ControlGroups {
  private static final Logger log = LoggerFactory.getLogger(ControlGroups.class);

  private final Optional<Place> tracker;
  private final Optional<Place> memory;
  private final Optional<Place> cpu;
  private final List<String> lacking;

  /**
   * Where runs have their groups.
   *
   * @param unified version 2
   */
  record Place(Path directory, boolean unified) {}

  ControlGroups(
      Optional<Place> tracker, Optional<Place> memory, Optional<Place> cpu, List<String> lacking) {
    this.tracker = tracker;
    this.memory = memory;
    this.cpu = cpu;
    this.lacking = List.copyOf(lacking);
  }

  /** No run gets a group. */
  public static ControlGroups none(String why) {
    return new ControlGroups(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(
            why
                + ": memory and cpu limits are not enforced, and what leaves the session of its run"
                + " is not found"));
  }

  /**
   * Makes the groups of an agent, as far as the host lets it.
   *
   * @param runDirectory what tells this agent from others of the host
   * @param setting {@code auto}, {@code none}, or the path in all trees of the group to count from
   */
  public static ControlGroups open(Path runDirectory, String setting) {
    return open(
        runDirectory, setting, Path.of("/proc/self/cgroup"), Path.of("/proc/self/mountinfo"));
  }

  static ControlGroups open(Path runDirectory, String setting, Path cgroup, Path mountInfo) {
    if (setting.equals("none")) {
      return none("agent.yaml says 'cgroup: none'");
    }
    try {
      List<Hierarchy> trees =
          Hierarchy.of(
              cgroup, mountInfo, Optional.of(setting).filter(text -> !text.equals("auto")));
      return trees.isEmpty()
          ? none("no control groups are mounted")
          : new GroupOpening(name(runDirectory), trees).open();
    } catch (IOException e) {
      return none("the host has no control groups (" + e.getMessage() + ")");
    }
  }

  /** The name of the group that has the groups of an agent's runs, in each tree that is used. */
  public static String name(Path runDirectory) {
    CRC32 sum = new CRC32();
    sum.update(runDirectory.toAbsolutePath().normalize().toString().getBytes(UTF_8));
    return "nsm-%08x".formatted(sum.getValue());
  }

  /** What this host does not permit, a sentence each; empty if it permits all. */
  public List<String> lacking() {
    return lacking;
  }

  /** Where runs have their groups; nowhere if the host permits none. */
  public List<Path> places() {
    return Stream.of(tracker, memory, cpu)
        .flatMap(Optional::stream)
        .map(Place::directory)
        .distinct()
        .toList();
  }

  /**
   * Makes the groups of a run, and sets its limits.
   *
   * @throws IOException if the host refuses what it permitted when the agent started
   */
  RunGroups create(RunId run, Resources resources) throws IOException {
    List<Path> groups = new ArrayList<>();
    if (tracker.isPresent()) {
      groups.add(Files.createDirectories(tracker.get().directory().resolve(run.toString())));
    }
    if (memory.isPresent() && resources.memoryLimit().isPresent()) {
      limits(memory.get(), run, groups).memory(resources.memoryLimit().get());
    }
    if (cpu.isPresent()
        && (resources.cpuLimit().isPresent() || resources.cpuWeight().isPresent())) {
      limits(cpu.get(), run, groups).cpu(resources);
    }
    return new RunGroups(groups);
  }

  private static GroupLimits limits(Place place, RunId run, List<Path> groups) throws IOException {
    Path group = Files.createDirectories(place.directory().resolve(run.toString()));
    if (!groups.contains(group)) {
      groups.add(group);
    }
    return new GroupLimits(group, place.unified());
  }

  /** Removes the agent's groups, unless a run is left in them. */
  void leave() {
    sweep();
    for (Path place : places()) {
      try {
        Files.deleteIfExists(place);
      } catch (IOException busy) {
        log.debug("{} stays: {}", place, busy.toString());
      }
    }
  }

  /** Removes the groups of runs that are over and that nobody came to remove. */
  void sweep() {
    for (Path place : places()) {
      if (!Files.isDirectory(place)) {
        continue;
      }
      try (DirectoryStream<Path> children = Files.newDirectoryStream(place, Files::isDirectory)) {
        for (Path child : children) {
          RunGroups left = new RunGroups(List.of(child));
          if (!child.endsWith(GroupOpening.AGENT) && left.members().isEmpty()) {
            left.removeIfEmpty();
          }
        }
      } catch (IOException e) {
        log.warn("cannot look through {}: {}", place, e.toString());
      }
    }
  }
}
