package io.nsm.agent.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mounted tree of control groups, and where in it a process is.
 *
 * @param unified version 2, where all controllers share a tree
 * @param controllers those of version 1 that are in this tree: {@code memory}; empty for version 2
 * @param mount where its root is mounted
 * @param own the process's own group, as a directory
 */
record Hierarchy(boolean unified, List<String> controllers, Path mount, Path own) {

  /**
   * The trees of a process.
   *
   * @param cgroup {@code /proc/self/cgroup}: lines of {@code number:controllers:path}
   * @param mountInfo {@code /proc/self/mountinfo}
   * @param within a group to count from instead of the process's own; its path in every tree
   */
  static List<Hierarchy> of(Path cgroup, Path mountInfo, Optional<String> within)
      throws IOException {
    List<Hierarchy> found = new ArrayList<>();
    List<String> mounts = Files.readAllLines(mountInfo);
    for (String line : Files.readAllLines(cgroup)) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        List<String> controllers = parts[1].isEmpty() ? List.of() : List.of(parts[1].split(","));
        mounts.stream()
            .flatMap(mount -> at(mount, controllers, within.orElse(parts[2])).stream())
            .findFirst()
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** Whether a line of mountinfo (proc_pid_mountinfo(5)) is the mount of such a tree. */
  private static Optional<Hierarchy> at(String mount, List<String> controllers, String path) {
    int dash = mount.indexOf(" - ");
    String[] place = mount.split(" ");
    if (dash < 0 || place.length < 5) {
      return Optional.empty();
    }
    String[] system = mount.substring(dash + 3).split(" ");
    boolean unified = controllers.isEmpty();
    boolean right =
        unified
            ? system[0].equals("cgroup2")
            : system[0].equals("cgroup")
                && system.length > 2
                && List.of(system[2].split(",")).containsAll(controllers);
    if (!right) {
      return Optional.empty();
    }
    Path root = Path.of(unescaped(place[4]));
    return Optional.of(
        new Hierarchy(unified, controllers, root, root.resolve(below(place[3], path))));
  }

  /** In a container the mount may begin at the container's own group. */
  private static String below(String mountRoot, String path) {
    String root = unescaped(mountRoot);
    if (path.equals(root) || path.contains("/..")) {
      return "";
    }
    String rest =
        !root.equals("/") && path.startsWith(root + "/") ? path.substring(root.length()) : path;
    return rest.substring(1);
  }

  /** mountinfo writes blanks as {@code \040}. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
