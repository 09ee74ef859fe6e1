package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad input of {@code bad-agents.txt} gets exactly the messages that stand below it. */
class BadAgentConfigsTest {

  static Iterable<BadInputs.Case> cases() throws IOException {
    return BadInputs.read(Path.of("src/test/resources/config/bad-agents.txt"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_bad_configuration_gets_exactly_these_messages(BadInputs.Case bad) {
    assertThat(
            BadInputs.messages(
                () -> AgentConfigs.readText("f", bad.text(), Path.of("/srv")).warnings()))
        .isEqualTo(bad.messages());
  }
}
