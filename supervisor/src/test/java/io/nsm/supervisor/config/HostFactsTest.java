package io.nsm.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.config.HostFacts.Filled;
import io.nsm.supervisor.config.HostFacts.Filling;
import io.nsm.supervisor.config.HostFacts.Lacking;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Java;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostFactsTest {
  private static final HostFacts FACTS =
      new HostFacts(new HostName("host1"), Map.of("zone", "a", "disk", "ssd"));

  @Test
  void facts_are_filled_into_programs_arguments_and_environment() {
    ProcessSpec spec =
        filled(
            """
            java:
              home: "/jdk/${host.label.disk}"
              mainClass: M
              classpath: ["/${host.name}/a.jar"]
              jvmOptions: ["-Dzone=${host.zone}"]
              args: ["${host.name}-${host.zone}", "$${host.name}", "$5", "$$"]
            env: {HOST: "${host.name}"}
            workDir: "/var/${host.zone}"
            """);

    Java java = (Java) spec.program();
    assertThat(java.home()).contains("/jdk/ssd");
    assertThat(java.entry().classPath()).containsExactly("/host1/a.jar");
    assertThat(java.jvmOptions()).containsExactly("-Dzone=a");
    assertThat(java.args()).containsExactly("host1-a", "${host.name}", "$5", "$$");
    assertThat(spec.env()).isEqualTo(Map.of("HOST", "host1"));
    assertThat(spec.resources().workDir()).contains("/var/a");
  }

  @Test
  void facts_are_filled_into_a_command() {
    assertThat(filled("command: [\"/bin/${host.zone}\", \"$${HOME}\"]").program())
        .isEqualTo(new Command(List.of("/bin/a", "${HOME}")));
  }

  @Test
  void all_facts_that_a_host_lacks_are_told() {
    Filling filling =
        FACTS.fill(spec("command: [a, \"${host.label.rack}\", \"${host.label.os}\"]"));

    assertThat(filling).isEqualTo(new Lacking(List.of("host.label.rack", "host.label.os")));
  }

  private static ProcessSpec filled(String program) {
    Filling filling = FACTS.fill(spec(program));
    assertThat(filling).isInstanceOf(Filled.class);
    return ((Filled) filling).spec();
  }

  private static ProcessSpec spec(String keys) {
    String text = "apiVersion: nsm/v1\nprocesses:\n  p:\n    mode: replicated\n" + keys.indent(4);
    return Declarations.readText("f", text, Map.of(), ClusterFacts.UNKNOWN).processes().get(0);
  }
}
