package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.ActiveStandby;
import io.nsm.supervisor.model.ProcessSpec.Backoff;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Entry;
import io.nsm.supervisor.model.ProcessSpec.Failback;
import io.nsm.supervisor.model.ProcessSpec.HostRule;
import io.nsm.supervisor.model.ProcessSpec.Java;
import io.nsm.supervisor.model.ProcessSpec.Limit;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.ProcessSpec.OnLeaseLost;
import io.nsm.supervisor.model.ProcessSpec.Placement;
import io.nsm.supervisor.model.ProcessSpec.Restart;
import io.nsm.supervisor.model.ProcessSpec.Standby;
import io.nsm.supervisor.model.ProcessSpec.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationsTest {
  @Test
  void the_standbys_of_a_command_are_cold_whatever_the_defaults_say_of_others() {
    String text =
        """
        apiVersion: nsm/v1
        defaults: {activeStandby: {standby: hot}}
        processes:
          feeder: {mode: active-standby, command: [/bin/feed]}
          keeper: {mode: active-standby, java: {jar: /opt/keeper.jar}}
        """;

    assertThat(read(text).processes().stream().map(spec -> spec.activeStandby().standby()))
        .containsExactly(Standby.COLD, Standby.HOT);
  }

  private static final String FIRST =
      """
      apiVersion: nsm/v1
      processes:
        importer:
          mode: active-standby
          replicas: 2
          java: {jar: /opt/feed/importer.jar}
      """;

  @Test
  void a_first_file_of_six_lines_gets_every_default() {
    assertThat(read(FIRST).warnings()).isEmpty();
    assertThat(read(FIRST).processes())
        .containsExactly(
            new ProcessSpec(
                new ProcessName("importer"),
                new Java(
                    Optional.empty(),
                    new Entry(Optional.of("/opt/feed/importer.jar"), Optional.empty(), List.of()),
                    List.of(),
                    List.of(),
                    Optional.empty()),
                Mode.ACTIVE_STANDBY,
                2,
                new ActiveStandby(
                    Standby.HOT,
                    OnLeaseLost.HALT,
                    Failback.NEVER,
                    List.of(),
                    Duration.ofSeconds(10)),
                new Placement(List.of(), false, List.of()),
                Map.of(),
                Map.of(),
                new Restart(
                    Restart.Policy.ALWAYS,
                    new Backoff(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        2,
                        0.2,
                        Duration.ofMinutes(10)),
                    new Limit(5, Duration.ofMinutes(10), Limit.Then.RETRY_SLOWLY),
                    Set.of(0, 143),
                    Set.of()),
                new Stop("TERM", Duration.ofSeconds(30)),
                new Logs(10 << 20, 10)));
  }

  @Test
  void the_shipped_example_is_read_without_warnings() {
    Declared declared =
        Declarations.read(
            List.of(Path.of("../conf/processes.yaml")), Map.of(), ClusterFacts.UNKNOWN);

    assertThat(declared.warnings()).isEmpty();
    assertThat(declared.processes())
        .extracting(spec -> spec.name().name())
        .containsExactly("importer", "server", "exporter", "gateway");
    ProcessSpec importer = declared.processes().get(0);
    assertThat(importer.program())
        .isEqualTo(
            new Java(
                Optional.empty(),
                new Entry(Optional.of("/opt/feed/importer-2.7.1.jar"), Optional.empty(), List.of()),
                List.of("-XX:+UseSerialGC"),
                List.of("--feed", "/data/flights.csv", "--host", "${host.name}"),
                Optional.of(512L << 20)));
    assertThat(importer.activeStandby().prefer())
        .containsExactly(new HostName("host1"), new HostName("host2"));
    assertThat(importer.placement())
        .isEqualTo(
            new Placement(
                List.of(new HostRule("zone", false, Set.of("a", "b"))), true, List.of("zone")));
    assertThat(importer.ports()).isEqualTo(Map.of("admin", 9101));
    assertThat(importer.env()).isEqualTo(Map.of("TZ", "UTC"));
    assertThat(importer.restart().noRestart()).containsExactly(78);
    assertThat(declared.processes().get(3).program())
        .isEqualTo(new Command(List.of("/usr/sbin/nginx", "-g", "daemon off;")));
  }

  @Test
  void a_value_given_from_outside_goes_before_the_declared_one() {
    String text =
        """
        apiVersion: nsm/v1
        vars: {version: 1, dir: "/opt/${version}", n: 3}
        processes:
          a: {mode: replicated, replicas: "${n}", java: {jar: "${dir}/a.jar", args: ["$${version}"]}}
        """;
    ProcessSpec spec =
        Declarations.readText("f", text, Map.of("version", "2"), ClusterFacts.UNKNOWN)
            .processes()
            .get(0);

    assertThat(spec.replicas()).isEqualTo(3);
    Java java = (Java) spec.program();
    assertThat(java.entry().jar()).contains("/opt/2/a.jar");
    assertThat(java.args()).containsExactly("$${version}");
  }

  @Test
  void defaults_are_merged_key_by_key_and_only_where_they_concern() {
    String text =
        """
        apiVersion: nsm/v1
        defaults:
          java: {memory: {limit: 1GiB}, jvmOptions: [-Xlog:gc]}
          activeStandby: {onLeaseLost: demote}
          restart: {policy: always, backoff: {initial: 2s, max: 4s}}
          env: {A: 1, B: 2}
          stop: {timeout: 5s}
        processes:
          one: {mode: active-standby, java: {jar: /a.jar}, env: {B: 3}, restart: {backoff: {max: 9s}}}
          two: {mode: replicated, command: [sleep, 10]}
          three: {mode: one-shot, command: [/bin/true]}
        """;
    List<ProcessSpec> specs = read(text).processes();

    assertThat(((Java) specs.get(0).program()).memoryLimit()).contains(1L << 30);
    assertThat(specs.get(0).activeStandby().onLeaseLost()).isEqualTo(OnLeaseLost.DEMOTE);
    assertThat(specs.get(0).env()).isEqualTo(Map.of("A", "1", "B", "3"));
    assertThat(specs.get(0).restart().backoff().initial()).isEqualTo(Duration.ofSeconds(2));
    assertThat(specs.get(0).restart().backoff().max()).isEqualTo(Duration.ofSeconds(9));
    assertThat(specs.get(1).program()).isEqualTo(new Command(List.of("sleep", "10")));
    assertThat(specs.get(1).activeStandby().onLeaseLost()).isEqualTo(OnLeaseLost.HALT);
    assertThat(specs.get(2).restart().policy()).isEqualTo(Restart.Policy.ON_FAILURE);
    assertThat(specs).allMatch(spec -> spec.stop().timeout().equals(Duration.ofSeconds(5)));
  }

  @Test
  void instances_with_ports_do_not_share_a_host() {
    String text =
        """
        apiVersion: nsm/v1
        processes:
          server: {mode: replicated, replicas: 2, ports: {http: 8080}, java: {jar: /a.jar}}
        """;

    assertThat(read(text).processes().get(0).placement().antiAffinity()).isTrue();
  }

  @Test
  void one_port_may_serve_two_processes_that_never_share_a_host() {
    String text =
        """
        apiVersion: nsm/v1
        processes:
          a: {mode: replicated, ports: {p: 80}, java: {jar: /a.jar}, placement: {on: ["${host.zone} == a"]}}
          b: {mode: replicated, ports: {p: 80}, java: {jar: /a.jar}, placement: {on: ["${host.zone} not in [a, c]", "${host.zone} in [a, b]"]}}
        """;

    assertThat(read(text).processes()).hasSize(2);
  }

  @Test
  void an_anchor_stands_for_the_value_it_marks() {
    String text =
        """
        apiVersion: nsm/v1
        processes:
          a: {mode: replicated, java: &java {jar: /a.jar}}
          b: {mode: replicated, java: *java}
        """;

    assertThat(read(text).processes().get(1).program())
        .isEqualTo(read(text).processes().get(0).program());
  }

  @Test
  void an_active_without_standby_is_a_warning() {
    assertThat(read(FIRST.replace("replicas: 2", "replicas: 1")).warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "f.yaml:5:15: processes.importer.replicas: no standby: when the only instance dies,"
                + " nothing takes over; use 'replicas: 2'");
  }

  @Test
  void files_and_directories_are_read_together_in_order(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("b.yml"), FIRST.replace("importer:", "b:"));
    Files.writeString(dir.resolve("a.yaml"), FIRST.replace("importer:", "a:"));
    Files.writeString(dir.resolve("c.txt"), "no yaml");
    Path single = Files.writeString(dir.resolve("z.conf"), FIRST);

    assertThat(Declarations.read(List.of(dir, single), Map.of(), ClusterFacts.UNKNOWN).processes())
        .extracting(spec -> spec.name().name())
        .containsExactly("a", "b", "importer");
  }

  @Test
  void problems_of_all_files_come_at_once(@TempDir Path dir) throws IOException {
    Path first = Files.writeString(dir.resolve("first.yaml"), FIRST);
    Path second = Files.writeString(dir.resolve("second.yaml"), FIRST.replace("mode:", "moed:"));
    Path third = Files.write(dir.resolve("third.yaml"), new byte[] {(byte) 0xff});
    Path missing = dir.resolve("missing.yaml");
    List<Path> paths = List.of(first, second, third, missing, dir.resolve("."));

    assertThatThrownBy(() -> Declarations.read(paths, Map.of("x", "1"), ClusterFacts.UNKNOWN))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(third + ": the file is not UTF-8 text")
        .hasMessageContaining(missing + ": no such file")
        .hasMessageContaining(
            second
                + ":3:3: processes.importer: process 'importer' is declared already ("
                + first
                + ":3:3)")
        .hasMessageContaining(second + ":4:5: processes.importer.moed: unknown key; did you mean")
        .hasMessageContaining("--set x: no declaration has a variable of this name");
  }

  private static Declared read(String text) {
    return Declarations.readText("f.yaml", text, Map.of(), ClusterFacts.UNKNOWN);
  }
}
