package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {

  @Test
  void deep_nesting_is_refused_before_it_is_read() {
    assertRefused("[".repeat(500_000), "nested deeper than 32 levels");
  }

  @Test
  void aliases_that_multiply_are_refused() {
    String levels =
        IntStream.range(1, 12)
            .mapToObj(n -> "a" + n + ": &a" + n + " [" + ("*a" + (n - 1) + ",").repeat(10) + "]\n")
            .collect(Collectors.joining());

    assertRefused("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + levels, "more than 100000 values");
  }

  @Test
  void variables_that_multiply_are_refused() {
    String levels =
        IntStream.range(1, 30)
            .mapToObj(n -> "  v" + n + ": \"${v" + (n - 1) + "}${v" + (n - 1) + "}\"\n")
            .collect(Collectors.joining());

    assertRefused(
        "apiVersion: nsm/v1\nvars:\n  v0: \"0123456789\"\n" + levels,
        "longer than 32768 characters once filled in");
  }

  @Test
  void long_texts_and_lists_are_refused() {
    assertRefused("#".repeat(2 << 20), "the text has 2097152 characters, at most 1048576 are read");
    assertRefused(
        "apiVersion: nsm/v1\nprocesses: {p: {mode: replicated, command: ["
            + "a, ".repeat(1_001)
            + "]}}",
        "has 1001 entries, at most 1000 are read");
  }

  @Test
  void half_a_character_is_refused_wherever_it_stands() {
    for (int length = 1_020; length < 1_030; length++) {
      assertRefused(
          "#\n#" + "x".repeat(length) + "\uD800", "f:2:" + (length + 2) + ": character U+D800");
    }
    assertRefused("a: \uDC00", "f:1:4: character U+DC00 cannot stand in YAML");
    assertRefused("a: b\n\u0007", "f:2:1: character U+0007 cannot stand in YAML");
  }

  @Test
  void no_more_problems_are_listed_than_anybody_reads() {
    String text =
        IntStream.range(0, 1_000).mapToObj(n -> "k" + n + ": 1\n").collect(Collectors.joining());

    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            InvalidDeclarationException.class,
            invalid -> assertThat(invalid.problems()).hasSize(Problems.MOST_ERRORS));
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(message);
  }

  private static Declared read(String text) {
    return Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN);
  }
}
