package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad input of {@code bad-declarations.txt} gets exactly the messages that stand below it.
 */
class BadDeclarationsTest {
  private static final ClusterFacts CLUSTER =
      new ClusterFacts(
          Set.of(new HostName("host1"), new HostName("host2")), Optional.of(LeaseTerms.BALANCED));

  static Iterable<BadInputs.Case> cases() throws IOException {
    return BadInputs.read(Path.of("src/test/resources/config/bad-declarations.txt"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_bad_declaration_gets_exactly_these_messages(BadInputs.Case bad) {
    assertThat(
            BadInputs.messages(
                () -> Declarations.readText("f", bad.text(), Map.of(), CLUSTER).warnings()))
        .isEqualTo(bad.messages());
  }
}
