package io.nsm.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonTest {

  record Sample(
      InstanceId instance,
      Epoch epoch,
      Duration pause,
      Optional<String> why,
      Map<HostName, Integer> counts,
      ProcessSpec.Program program) {}

  private static final Sample SAMPLE =
      new Sample(
          InstanceId.parse("importer/2"),
          new Epoch(7),
          Duration.ofMillis(1500),
          Optional.empty(),
          Map.of(new HostName("b"), 2, new HostName("a"), 1),
          new ProcessSpec.Command(List.of("sleep", "1")));

  @Test
  void writes_names_as_strings_and_sealed_records_with_their_kind() {
    assertThat(new String(Json.bytes(SAMPLE), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"instance":"importer/2","epoch":7,"pause":"PT1.5S","why":null,\
            "counts":{"a":1,"b":2},"program":{"kind":"command","words":["sleep","1"]}}""");
  }

  @Test
  void reads_what_it_wrote() throws Exception {
    assertThat(Json.read(Json.bytes(SAMPLE), Sample.class)).isEqualTo(SAMPLE);
  }

  @Test
  void writes_the_kind_of_a_record_that_stands_alone() throws Exception {
    ProcessSpec.Program program = new ProcessSpec.Command(List.of("true"));
    assertThat(Json.read(Json.bytes(program), ProcessSpec.Program.class)).isEqualTo(program);
  }

  @Test
  void refuses_an_unknown_kind_and_skips_an_unknown_key() throws Exception {
    assertThatThrownBy(() -> Json.read(utf8("{\"kind\":\"wish\"}"), ProcessSpec.Program.class))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("wish");
    assertThat(
            Json.read(
                utf8("{\"kind\":\"command\",\"words\":[\"a\"],\"later\":1}"),
                ProcessSpec.Program.class))
        .isEqualTo(new ProcessSpec.Command(List.of("a")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
