package io.nsm.agent.launch;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An agent started in the background of a script, or by {@code nohup}, ignores INT, QUIT or HUP,
 * and what it starts would inherit that: {@code stop.signal: INT} would do nothing.
 */
final class IgnoredSignals {
  private static final String RESET = "--default-signal=HUP,INT,QUIT,TERM";

  private IgnoredSignals() {}

  /** Words to put before a program so that it ignores nothing; none if that is so already. */
  static List<String> words() throws IOException {
    return ignoresSome() && envCanReset() ? List.of("env", RESET) : List.of();
  }

  private static boolean ignoresSome() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
          .anyMatch(IgnoredSignals::matters);
    }
  }

  /** HUP, INT, QUIT and TERM are 1, 2, 3 and 15; bit 0 stands for signal 1. */
  private static boolean matters(long mask) {
    return (mask & 0b100_0000_0000_0111L) != 0;
  }

  /** GNU coreutils 8.31 and newer. */
  private static boolean envCanReset() {
    try {
      Process env =
          new ProcessBuilder("env", RESET, "true")
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      return env.waitFor(5, TimeUnit.SECONDS) && env.exitValue() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
