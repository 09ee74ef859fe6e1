package io.nsm.supervisor.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the texts of files and directories. */
final class Sources {
  /** The most files of one directory. */
  private static final int MOST_FILES = 1_000;

  private Sources() {}

  /** A text and what to call it. */
  record Source(String name, String text) {}

  /** The texts in order; a file that is named in two ways is read once. */
  static List<Source> of(List<Path> paths, Problems problems) {
    List<Source> sources = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (Path path : paths) {
      List<Path> files = Files.isDirectory(path) ? filesOf(path, problems) : List.of(path);
      files.stream()
          .filter(file -> seen.add(file.toAbsolutePath().normalize()))
          .forEach(file -> read(file, problems).ifPresent(sources::add));
    }
    if (paths.isEmpty()) {
      problems.error(Problem.at(Place.of("-f"), "", "no file was given"));
    }
    return sources;
  }

  static Optional<Source> read(Path file, Problems problems) {
    String name = file.toString();
    try {
      if (Files.size(file) > 4L * YamlSource.LONGEST) {
        return failed(problems, name, "the file is larger than 4 MiB", "split it");
      }
      return Optional.of(new Source(name, Files.readString(file, StandardCharsets.UTF_8)));
    } catch (NoSuchFileException missing) {
      return failed(problems, name, "no such file", "check the path");
    } catch (CharacterCodingException malformed) {
      return failed(problems, name, "the file is not UTF-8 text", "save it as UTF-8");
    } catch (IOException failure) {
      return failed(problems, name, "cannot be read: " + failure, "");
    }
  }

  private static List<Path> filesOf(Path directory, Problems problems) {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files = entries.filter(Sources::isYaml).sorted().limit(MOST_FILES + 1L).toList();
      if (files.isEmpty()) {
        failed(problems, directory.toString(), "no *.yaml or *.yml file in this directory", "");
      } else if (files.size() > MOST_FILES) {
        failed(problems, directory.toString(), "more than " + MOST_FILES + " files", "");
      }
      return files.stream().limit(MOST_FILES).toList();
    } catch (IOException failure) {
      failed(problems, directory.toString(), "cannot be read: " + failure, "");
      return List.of();
    }
  }

  private static boolean isYaml(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml"))
        && Files.isRegularFile(path);
  }

  private static Optional<Source> failed(
      Problems problems, String name, String message, String hint) {
    problems.error(Problem.at(Place.of(name), "", message).hint(hint));
    return Optional.empty();
  }
}
