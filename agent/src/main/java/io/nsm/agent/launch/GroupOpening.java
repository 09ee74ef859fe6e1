package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Tries out which groups the host lets an agent make. */
final class GroupOpening {
  static final String AGENT = "agent";

  private static final String PROBE = "probe";
  private static final long LONGEST_PROBE_SECONDS = 5;
  private static final List<String> CONTROLLERS = List.of("memory", "cpu");

  /** In version 1 the trees of these serve to keep a run together, the first one best. */
  private static final List<String> TRACKERS = List.of("freezer", "pids", "memory", "cpu");

  private final String name;
  private final List<Hierarchy> trees;
  private final List<String> lacking = new ArrayList<>();

  /**
   * Prepares to try.
   *
   * @param name of the agent's group for its runs
   */
  GroupOpening(String name, List<Hierarchy> trees) {
    this.name = name;
    this.trees = trees;
  }

  ControlGroups open() {
    Optional<ControlGroups.Place> unified =
        trees.stream().filter(Hierarchy::unified).findFirst().flatMap(this::made);
    Optional<ControlGroups.Place> memory = limiting(unified, "memory");
    Optional<ControlGroups.Place> cpu = limiting(unified, "cpu");
    Optional<ControlGroups.Place> tracker = unified.or(this::version1Tracker);
    if (tracker.isEmpty()) {
      lacking.add("what leaves the session of its run is not found");
    }
    return new ControlGroups(tracker, memory, cpu, lacking);
  }

  private Optional<ControlGroups.Place> version1Tracker() {
    return TRACKERS.stream().flatMap(it -> tree(it).flatMap(this::made).stream()).findFirst();
  }

  private Optional<Hierarchy> tree(String controller) {
    return trees.stream().filter(tree -> tree.controllers().contains(controller)).findFirst();
  }

  /** Where runs get their groups with this controller. */
  private Optional<ControlGroups.Place> limiting(
      Optional<ControlGroups.Place> unified, String controller) {
    Optional<ControlGroups.Place> version1 = tree(controller).flatMap(this::made);
    Optional<ControlGroups.Place> found =
        version1.or(() -> unified.filter(place -> passedOn(place.directory(), controller)));
    if (found.isEmpty()) {
      lacking.add(controller + " limits are not enforced: the agent has no such controller");
    }
    return found;
  }

  /** The agent's group for its runs in a tree, if a process can be put there. */
  private Optional<ControlGroups.Place> made(Hierarchy tree) {
    Path own = tree.own();
    Path parent = own.getParent();
    Path base = own.endsWith(AGENT) && parent != null ? parent : own;
    Path directory = base.resolve(name);
    try {
      Files.createDirectories(directory.resolve(PROBE));
      tryToJoin(directory.resolve(PROBE));
      new RunGroups(List.of(directory.resolve(PROBE))).removeIfEmpty();
      if (tree.unified()) {
        passOn(own, base, directory);
      }
      return Optional.of(new ControlGroups.Place(directory, tree.unified()));
    } catch (IOException e) {
      String told = "no group can be used below " + base + ": " + why(e);
      if (!lacking.contains(told)) {
        lacking.add(told);
      }
      return Optional.empty();
    }
  }

  private static void tryToJoin(Path group) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", "echo $$ >\"$0/cgroup.procs\"", group.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(shell.getInputStream().readNBytes(1000), UTF_8).strip();
      if (!shell.waitFor(LONGEST_PROBE_SECONDS, TimeUnit.SECONDS) || shell.exitValue() != 0) {
        throw new IOException(said.isEmpty() ? "a process cannot be put there" : said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Gives runs the controllers that the agent's group has; for that it may hold no process. */
  private void passOn(Path own, Path base, Path directory) {
    try {
      List<String> given = words(base.resolve("cgroup.controllers"));
      List<String> wanted = CONTROLLERS.stream().filter(given::contains).toList();
      String all = wanted.stream().map(it -> "+" + it).collect(Collectors.joining(" "));
      if (!wanted.stream().allMatch(it -> passedOn(base, it))) {
        moveAside(own, base, directory);
        Files.writeString(base.resolve("cgroup.subtree_control"), all);
      }
      if (!wanted.isEmpty()) {
        Files.writeString(directory.resolve("cgroup.subtree_control"), all);
      }
    } catch (IOException e) {
      lacking.add(
          "the controllers of "
              + base
              + " cannot be passed on to runs: "
              + why(e)
              + "; start the agent in a group of its own");
    }
  }

  /** Only the root, which alone has no type, may hold processes beside groups with limits. */
  private static void moveAside(Path own, Path base, Path directory) throws IOException {
    if (own.equals(base) && Files.exists(base.resolve("cgroup.type"))) {
      Path aside = Files.createDirectories(directory.resolve(AGENT));
      Files.writeString(
          aside.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
    }
  }

  private static boolean passedOn(Path directory, String controller) {
    try {
      return words(directory.resolve("cgroup.subtree_control")).contains(controller);
    } catch (IOException none) {
      return false;
    }
  }

  private static List<String> words(Path file) throws IOException {
    return List.of(Files.readString(file).strip().split("[\\s+]+"));
  }

  private static String why(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(e.getMessage());
  }
}
