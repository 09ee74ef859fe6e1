package io.nsm.supervisor.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Keeps the reference in step with the program. After a change of verbs or flags: {@code mvn -pl
 * supervisor test -Dtest=ReferenceTest -Dnsm.reference.write=true}.
 */
final class ReferenceTest {
  private static final Path REFERENCE = Path.of("../docs/reference/nsmctl.md");
  private static final String BEGIN = "<!-- from here on: the program's own help -->\n";

  @Test
  void the_reference_has_each_verb_with_its_help_and_each_exit_code() throws IOException {
    String text = Files.readString(REFERENCE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    String expected = text.substring(0, begin) + generated();

    if (Boolean.getBoolean("nsm.reference.write")) {
      Files.writeString(REFERENCE, expected);
    }

    assertThat(begin).isGreaterThan(BEGIN.length());
    assertThat(Files.readString(REFERENCE)).isEqualTo(expected);
  }

  private static String generated() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    CommandLine root =
        new Nsmctl(
                new Surroundings(
                    nowhere,
                    nowhere,
                    Map.of(),
                    Path.of(""),
                    false,
                    false,
                    Optional::empty,
                    List.of()))
            .commandLine();
    StringBuilder text = new StringBuilder("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (ExitCode code : ExitCode.values()) {
      text.append("| %d | %s |\n".formatted(code.number(), code.meaning()));
    }
    text.append("\n## Verbs\n");
    for (CommandLine verb : root.getSubcommands().values().stream().distinct().toList()) {
      text.append("\n### ").append(verb.getCommandName()).append("\n\n```\n");
      verb.getUsageMessage(CommandLine.Help.Ansi.OFF)
          .lines()
          .forEach(line -> text.append(line.stripTrailing()).append('\n'));
      text.append("```\n");
    }
    return text.toString();
  }
}
