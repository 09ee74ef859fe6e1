package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceTest {

  @ParameterizedTest
  @EnumSource(Shape.class)
  void every_key_is_explained_in_the_reference(Shape shape) throws IOException {
    String page = shape.schema().equals("agent") ? "agent-config.md" : "declaration.md";
    String text = Files.readString(Path.of("../docs/reference", page));

    assertThat(shape.keys()).as("%s", shape).allMatch(key -> named(text, key));
    assertThat(shape.notYet()).as("%s", shape).allMatch(key -> named(text, key));
  }

  /** In code quotes, alone or as a part of a path. */
  private static boolean named(String text, String key) {
    return Pattern.compile("`([a-zA-Z.]*\\.)?" + key + "(\\.[a-zA-Z.]+)?`").matcher(text).find();
  }
}
