package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleDeclarationsTest {

  @Test
  void are_valid_for_three_hosts() {
    ClusterFacts hosts =
        new ClusterFacts(
            Set.of(new HostName("host1"), new HostName("host2"), new HostName("host3")),
            Optional.empty());

    Declared flights =
        Declarations.read(List.of(Path.of("../conf/flights.yaml")), Map.of("rate", "500"), hosts);

    assertThat(flights.warnings()).isEmpty();
    assertThat(flights.processes().stream().map(process -> process.name().name()))
        .containsExactlyInAnyOrder("importer", "transformer", "server", "exporter");
  }

  @Test
  void of_the_guide_are_valid_for_one_host() throws IOException {
    String guide = Files.readString(Path.of("../docs/guides/getting-started.md"));
    String yaml = guide.substring(guide.indexOf("```yaml") + 8);

    Declared counter =
        Declarations.readText(
            "counter.yaml",
            yaml.substring(0, yaml.indexOf("```")),
            Map.of(),
            new ClusterFacts(Set.of(new HostName("local")), Optional.empty()));

    assertThat(counter.warnings()).isEmpty();
    assertThat(counter.processes()).hasSize(1);
  }
}
