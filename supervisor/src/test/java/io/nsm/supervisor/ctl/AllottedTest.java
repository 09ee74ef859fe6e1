package io.nsm.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.config.ClusterFacts;
import io.nsm.supervisor.config.Declarations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code describe} tells of what a process is given. */
class AllottedTest {
  @Test
  void says_how_a_JVM_divides_its_limit() {
    assertThat(lines("java: {jar: /a.jar, memory: {limit: 512MiB}}"))
        .containsExactly(
            "memory: at most 512.0 MiB",
            "so its JVM: -Xmx307m -XX:MaxDirectMemorySize=51m -XX:MaxMetaspaceSize=76m"
                + " -XX:ReservedCodeCacheSize=40m -XX:+UseSerialGC");
  }

  @Test
  void leaves_out_what_the_declaration_says_itself() {
    assertThat(
            lines(
                "java: {jar: /a.jar, jvmOptions: [-Xmx100m, -XX:+UseZGC]}",
                "memory: {limit: 512MiB}"))
        .contains(
            "so its JVM: -XX:MaxDirectMemorySize=51m -XX:MaxMetaspaceSize=76m"
                + " -XX:ReservedCodeCacheSize=40m");
  }

  @Test
  void says_all_that_a_command_is_given() {
    assertThat(
            lines(
                "command: [/bin/a]",
                "memory: {limit: 64MiB}",
                "cpu: {limit: 0.5, weight: 50}",
                "user: feed",
                "group: data",
                "files: 100",
                "nice: 5",
                "umask: \"027\"",
                "workDir: /srv"))
        .containsExactly(
            "user: feed, group data",
            "memory: at most 64.0 MiB",
            "cpu: at most 0.5 processors, weight 50",
            "files: 100 open at most",
            "nice: 5",
            "umask: 027",
            "starts in: /srv");
  }

  @Test
  void says_nothing_of_what_is_not_declared() {
    assertThat(lines("command: [/bin/a]")).isEmpty();
  }

  private static List<String> lines(String... keys) {
    String text =
        "apiVersion: nsm/v1\nprocesses:\n  p:\n    mode: replicated\n"
            + String.join("\n", keys).indent(4);
    return Allotted.of(
            Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN).processes().get(0))
        .stream()
        .map(line -> line.name() + ": " + line.value())
        .toList();
  }
}
