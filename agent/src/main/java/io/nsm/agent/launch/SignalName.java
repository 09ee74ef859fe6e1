package io.nsm.agent.launch;

import java.util.Map;
import java.util.Optional;

/** Names of signals, as Linux numbers them on every architecture that runs a current JDK. */
final class SignalName {
  private static final int LAST_SIGNAL = 64;
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "HUP"),
          Map.entry(2, "INT"),
          Map.entry(3, "QUIT"),
          Map.entry(4, "ILL"),
          Map.entry(5, "TRAP"),
          Map.entry(6, "ABRT"),
          Map.entry(7, "BUS"),
          Map.entry(8, "FPE"),
          Map.entry(9, "KILL"),
          Map.entry(10, "USR1"),
          Map.entry(11, "SEGV"),
          Map.entry(12, "USR2"),
          Map.entry(13, "PIPE"),
          Map.entry(14, "ALRM"),
          Map.entry(15, "TERM"),
          Map.entry(24, "XCPU"),
          Map.entry(25, "XFSZ"),
          Map.entry(31, "SYS"));

  private SignalName() {}

  /** A shell gives 128 + n for a program that signal n ended. */
  static Optional<String> ofExitCode(int code) {
    int number = code - 128;
    return number >= 1 && number <= LAST_SIGNAL
        ? Optional.of(NAMES.getOrDefault(number, Integer.toString(number)))
        : Optional.empty();
  }
}
