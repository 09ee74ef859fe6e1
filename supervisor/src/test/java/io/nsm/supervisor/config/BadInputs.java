package io.nsm.supervisor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tables of bad inputs: a title after {@code ###}, the text, then the messages, one a line after
 * {@code !}. In the text, {@code →} stands for a tab.
 */
final class BadInputs {
  private BadInputs() {}

  /** A bad input and what is said about it. */
  record Case(String title, String text, List<String> messages) {
    @Override
    public String toString() {
      return title;
    }
  }

  static List<Case> read(Path table) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String part : Files.readString(table).split("(?m)^### ")) {
      if (part.isBlank()) {
        continue;
      }
      List<String> lines = part.lines().toList();
      List<String> text = lines.stream().skip(1).filter(line -> !line.startsWith("!")).toList();
      List<String> messages =
          lines.stream().filter(line -> line.startsWith("! ")).map(it -> it.substring(2)).toList();
      cases.add(
          new Case(lines.get(0), String.join("\n", text).replace('→', '\t') + "\n", messages));
    }
    return cases;
  }

  static List<String> messages(Supplier<List<Problem>> reading) {
    try {
      return reading.get().stream().map(it -> "warning: " + it).toList();
    } catch (InvalidDeclarationException invalid) {
      return invalid.problems().stream().map(Problem::toString).toList();
    }
  }
}
