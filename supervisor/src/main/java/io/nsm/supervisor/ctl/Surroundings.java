package io.nsm.supervisor.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What nsmctl finds around itself.
 *
 * @param out for data
 * @param err for progress and errors
 * @param environment the environment's variables
 * @param directory the working directory
 * @param outIsTerminal whether somebody looks at {@code out}
 * @param errIsTerminal whether somebody looks at {@code err}
 * @param answer reads a line from who sits at the terminal; empty where nobody does
 * @param tokenFiles where a token is looked for if none is named
 */
record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path directory,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Supplier<Optional<String>> answer,
    List<Path> tokenFiles) {
  Surroundings {
    environment = Map.copyOf(environment);
    tokenFiles = List.copyOf(tokenFiles);
  }

  static Surroundings ofThisProgram() {
    Path directory = Path.of("").toAbsolutePath();
    return new Surroundings(
        System.out,
        System.err,
        System.getenv(),
        directory,
        isTerminal(1),
        isTerminal(2),
        Surroundings::readLine,
        List.of(directory.resolve("nsm-data/token"), Path.of("/var/lib/nsm/token")));
  }

  /** Whether output may be coloured. */
  boolean colour() {
    return outIsTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** {@code System.console()} does not tell: what it returns differs from JDK to JDK. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException noSuchPlace) {
      return false; // another system than Linux: plain output is right everywhere
    }
  }

  private static Optional<String> readLine() {
    if (!isTerminal(0)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
              .readLine());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
