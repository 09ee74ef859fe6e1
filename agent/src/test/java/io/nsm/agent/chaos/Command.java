package io.nsm.agent.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system that the nemesis uses: {@code ip}, {@code nft}, {@code tc}, mount. */
final class Command {
  private static final int LONGEST_SECONDS = 30;

  private Command() {}

  /** A program did not do what it was told. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /** Runs a program and returns what it said; fails unless it ends with 0. */
  static String run(String... words) {
    return run(List.of(words), "");
  }

  /** As above, with an input. */
  static String run(List<String> words, String input) {
    Path said = Path.of("");
    try {
      said = Files.createTempFile("nsm-chaos", ".out");
      Process process =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Failed(String.join(" ", words) + ": does not end");
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new Failed(String.join(" ", words) + ": " + text.strip());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("interrupted in: " + String.join(" ", words));
    } finally {
      said.toFile().delete();
    }
  }

  /** Whether a program ends with 0. */
  static boolean works(String... words) {
    try {
      run(words);
      return true;
    } catch (Failed e) {
      return false;
    }
  }
}
