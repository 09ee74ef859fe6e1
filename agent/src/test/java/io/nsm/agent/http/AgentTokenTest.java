package io.nsm.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentTokenTest {
  private final Path data;

  AgentTokenTest(@TempDir Path data) {
    this.data = data;
  }

  @Test
  void makes_a_token_that_only_its_owner_can_read() throws IOException {
    AgentToken token = AgentToken.in(data);

    Path file = data.resolve("token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(token.matches(Files.readString(file).strip())).isTrue();
    assertThat(token.matches("")).isFalse();
  }

  @Test
  void keeps_the_token_that_is_there() throws IOException {
    AgentToken.in(data);
    String first = Files.readString(data.resolve("token")).strip();

    assertThat(AgentToken.in(data).matches(first)).isTrue();
  }

  @Test
  void refuses_a_token_that_others_can_read() throws IOException {
    AgentToken.in(data);
    Path file = data.resolve("token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> AgentToken.in(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("remove it");
  }

  @Test
  void refuses_an_empty_token() throws IOException {
    AgentToken.in(data);
    Files.writeString(data.resolve("token"), "\n");

    assertThatThrownBy(() -> AgentToken.in(data)).hasMessageContaining("is empty");
  }
}
