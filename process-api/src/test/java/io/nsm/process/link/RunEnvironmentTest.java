package io.nsm.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunEnvironmentTest {
  private static final RunEnvironment ENVIRONMENT =
      new RunEnvironment(
          "/run/nsm/agent.sock",
          "secret",
          "inc-7",
          "importer",
          2,
          "host1",
          Map.of("admin", 9101, "admin-http", 8080),
          OnLeaseLost.DEMOTE);

  @Test
  void a_run_reads_what_its_agent_wrote() {
    assertThat(RunEnvironment.read(ENVIRONMENT.variables())).isEqualTo(ENVIRONMENT);
  }

  @Test
  void every_port_has_a_variable_of_its_own_as_well() {
    assertThat(ENVIRONMENT.variables())
        .containsEntry("NSM_PORT_ADMIN", "9101")
        .containsEntry("NSM_PORT_ADMIN_HTTP", "8080")
        .containsEntry("NSM_ON_LEASE_LOST", "demote");
  }

  @Test
  void names_everything_that_is_missing_or_wrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RunEnvironment.read(
                    Map.of(
                        "NSM_SOCKET", "/s",
                        "NSM_TOKEN", "t",
                        "NSM_RUN", "r",
                        "NSM_PROCESS", "p",
                        "NSM_INSTANCE", "0",
                        "NSM_PORTS", "admin",
                        "NSM_ON_LEASE_LOST", "explode")))
        .withMessage(
            "NSM_INSTANCE: '0' is not a number from 1\n"
                + "NSM_HOST: not in the environment; expected a text\n"
                + "NSM_PORTS: 'admin' is not name=number,...\n"
                + "NSM_ON_LEASE_LOST: 'explode' is not halt or demote");
  }

  @Test
  void does_not_show_the_token() {
    assertThat(ENVIRONMENT.toString()).doesNotContain("secret");
  }
}
