package io.nsm.agent.chaos;

import io.nsm.agent.launch.ControlGroups;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is left when all agents have ended: nothing should be. */
final class Leaks {
  /** The last ended runs of an instance whose directories are kept, and the current one. */
  private static final int RUNS_KEPT = 6;

  private final World world;

  Leaks(World world) {
    this.world = world;
  }

  /** Namespaces and mounts are added by the script, which removes them. */
  void write() throws IOException {
    Files.writeString(
        world.options().directory().resolve("leaks.json"),
        "{\"t\":%d,\"processes\":%s,\"runDirectories\":%s,\"namespaces\":[],\"mounts\":[],\"cgroups\":%s}%n"
            .formatted(
                System.nanoTime(),
                JsonLine.list(processes()),
                JsonLine.list(runDirectories()),
                JsonLine.list(controlGroups())));
  }

  private List<String> processes() {
    List<String> left = new ArrayList<>();
    for (Machine machine : world.machines()) {
      for (long pid : machine.pids()) {
        left.add(
            pid
                + " on "
                + machine.name()
                + ": "
                + ProcessHandle.of(pid)
                    .flatMap(process -> process.info().commandLine())
                    .orElse("gone meanwhile"));
      }
    }
    return left;
  }

  private List<String> runDirectories() throws IOException {
    List<String> left = new ArrayList<>();
    for (Machine machine : world.machines()) {
      for (Path process : children(machine.run().resolve("runs"))) {
        for (Path instance : children(process)) {
          int runs = children(instance).size();
          if (runs > RUNS_KEPT) {
            left.add(machine.name() + ": " + instance + " has " + runs);
          }
        }
      }
    }
    return left;
  }

  private List<String> controlGroups() throws IOException {
    List<String> agents =
        world.machines().stream().map(machine -> ControlGroups.name(machine.run())).toList();
    List<String> left = new ArrayList<>();
    Files.walkFileTree(
        Path.of("/sys/fs/cgroup"),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes file) {
            if (agents.contains(String.valueOf(group.getName(group.getNameCount() - 2)))) {
              left.add(group.toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            // Groups of others come and go.
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path group, @Nullable IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    return left;
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isDirectory).toList();
    }
  }
}
