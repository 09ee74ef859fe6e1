package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.channel.jgroups.ChannelSettings;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.LeaseTerms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentConfigsTest {
  private static final HostName LOCAL = new HostName("local");
  private static final HostName HOST1 = new HostName("host1");

  @Test
  void without_a_file_there_is_one_host_on_loopback_that_votes_alone() {
    assertThat(AgentConfigs.withoutFile(Path.of("/srv")).config())
        .isEqualTo(
            new AgentConfig(
                "nsm",
                LOCAL,
                Map.of(),
                Map.of(LOCAL, new HostAddress("127.0.0.1", 7400, 7401, 7402, false)),
                List.of(LOCAL),
                Path.of("/srv/nsm-data"),
                Path.of("/srv/nsm-data/run"),
                LeaseTerms.BALANCED,
                "127.0.0.1",
                Optional.empty(),
                AgentConfig.CGROUP_AUTO));
  }

  @Test
  void the_shipped_file_says_the_same_as_no_file() {
    Configured shipped = AgentConfigs.read(Path.of("../conf/agent.yaml"));

    assertThat(shipped.warnings()).isEmpty();
    assertThat(shipped.config()).isEqualTo(AgentConfigs.withoutFile(Path.of("")).config());
  }

  @Test
  void a_cluster_of_two_and_a_witness() {
    String text =
        """
        apiVersion: nsm/v1
        cluster: prod-feed
        host: host1
        labels: {zone: a, disk: SSD, rack: 7}
        lease: {profile: patient}
        hosts:
          host1: {address: 10.0.0.1}
          host2: {address: db.example.org, ports: {grid: 9001}}
          tie: {address: "fd00::3", witness: true}
        voters: [host1, host2, tie]
        dataDirectory: /var/lib/nsm
        runDirectory: /run/nsm
        http: {bind: localhost}
        java: {home: /usr/lib/jvm/17}
        cgroup: /nsm
        """;
    AgentConfig config = AgentConfigs.readText("f", text, Path.of("/srv")).config();

    assertThat(config)
        .isEqualTo(
            new AgentConfig(
                "prod-feed",
                HOST1,
                Map.of("zone", "a", "disk", "SSD", "rack", "7"),
                Map.of(
                    HOST1,
                    new HostAddress("10.0.0.1", 7400, 7401, 7402, false),
                    new HostName("host2"),
                    new HostAddress("db.example.org", 7400, 9001, 7402, false),
                    new HostName("tie"),
                    new HostAddress("fd00::3", 7400, 7401, 7402, true)),
                List.of(HOST1, new HostName("host2"), new HostName("tie")),
                Path.of("/var/lib/nsm"),
                Path.of("/run/nsm"),
                LeaseTerms.PATIENT,
                "localhost",
                Optional.of(Path.of("/usr/lib/jvm/17")),
                "/nsm"));
    assertThat(config.own().address()).isEqualTo("10.0.0.1");
    assertThat(config.socket()).isEqualTo(Path.of("/run/nsm/agent.sock"));
    assertThat(config.clusterFacts())
        .isEqualTo(
            new ClusterFacts(
                Set.of(HOST1, new HostName("host2")), Optional.of(LeaseTerms.PATIENT)));
  }

  @Test
  void the_longest_run_directory_that_fits_a_socket_is_taken() {
    String fits = "/" + "r".repeat(AgentConfig.LONGEST_SOCKET_PATH - "//agent.sock".length());

    assertThat(AgentConfigs.readText("f", run(fits), Path.of("/")).config().socket().toString())
        .hasSize(AgentConfig.LONGEST_SOCKET_PATH);
    assertThatThrownBy(() -> AgentConfigs.readText("f", run(fits + "r"), Path.of("/")))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("has 107 bytes, at most 106 are possible");
  }

  @Test
  void a_start_in_a_deep_directory_is_refused_with_both_numbers() {
    assertThatThrownBy(() -> AgentConfigs.withoutFile(Path.of("/" + "d".repeat(100))))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("has 125 bytes, at most 106 are possible");
  }

  @Test
  void the_second_port_is_where_the_channel_listens() {
    assertThat(HostAddress.SUSPICION_OFFSET).isEqualTo(ChannelSettings.SUSPICION_PORT_OFFSET);
  }

  @Test
  void a_missing_file_is_named() {
    assertThatThrownBy(() -> AgentConfigs.read(Path.of("/nowhere/agent.yaml")))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("/nowhere/agent.yaml: no such file; check the path");
  }

  private static String run(String directory) {
    return "apiVersion: nsm/v1\ndataDirectory: /data\nrunDirectory: " + directory + "\n";
  }
}
