package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Random damage to good files; a failure prints the seed, which repeats it. */
class MutationsTest {
  private static final int TEXTS = Integer.getInteger("nsm.mutations", 500);
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    ",",
    "\"",
    "'",
    "\n",
    "\t",
    "  ",
    "${",
    "$${",
    "}",
    "&a ",
    "*a",
    "!x ",
    "|",
    ">",
    "#",
    "null",
    "~",
    "-1",
    "1e9",
    "\0",
    "\uFEFF",
    "\uD800",
    "---\n",
    "...",
    "<<: ",
    "? ",
    "@",
    "`",
    "%",
    "true",
    "0x7fffffffffffffffff",
    "99999999999999999999",
    ".inf",
    "${host.label.a}",
    "é",
    "\u0085",
    "\u2028"
  };

  @Test
  void damaged_declarations_are_read_or_refused_and_nothing_else() throws IOException {
    damage(
        Path.of("../conf/processes.yaml"),
        20261122L,
        text -> Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN));
  }

  @Test
  void damaged_agent_configurations_are_read_or_refused_and_nothing_else() throws IOException {
    damage(
        Path.of("../conf/agent.yaml"),
        20261123L,
        text -> AgentConfigs.readText("f", text, Path.of("/srv")));
  }

  private static void damage(Path file, long firstSeed, Consumer<String> reading)
      throws IOException {
    // Comments would only dilute the damage.
    String good = Files.readString(file).replaceAll("(?m)^#.*\n", "").replaceAll(" +#.*", "");
    int refused = 0;
    for (long seed = firstSeed; seed < firstSeed + TEXTS; seed++) {
      String text = damaged(good, new Random(seed));
      try {
        reading.accept(text);
      } catch (InvalidDeclarationException invalid) {
        assertThat(invalid.problems()).as("seed %d", seed).isNotEmpty();
        refused++;
      } catch (RuntimeException | StackOverflowError other) {
        fail("seed " + seed + " of " + file + ":\n" + text, other);
      }
    }
    assertThat(refused).isGreaterThan(TEXTS / 2);
  }

  private static String damaged(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
        default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}
