package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private final Path directory;

  IdentityTest(@TempDir Path parent) {
    directory = parent.resolve("data");
  }

  @Test
  void the_host_keeps_its_id_and_each_agent_is_another_incarnation() throws Exception {
    HostId host;
    Incarnation first;
    try (Identity identity = Identity.hold(directory)) {
      host = identity.host();
      first = identity.incarnation();
    }

    try (Identity identity = Identity.hold(directory)) {
      assertThat(identity.host()).isEqualTo(host);
      assertThat(identity.incarnation()).isNotEqualTo(first);
    }
  }

  @Test
  void another_directory_is_another_host() throws Exception {
    try (Identity one = Identity.hold(directory);
        Identity other = Identity.hold(directory.resolveSibling("other"))) {
      assertThat(one.host()).isNotEqualTo(other.host());
    }
  }

  @Test
  void the_lease_is_kept_for_the_next_agent() throws Exception {
    try (Identity identity = Identity.hold(directory)) {
      assertThat(identity.lastLease()).isEmpty();
      identity.rememberLease(LeaseTerms.PATIENT);
      identity.rememberLease(LeaseTerms.BALANCED);
    }

    try (Identity identity = Identity.hold(directory)) {
      assertThat(identity.lastLease()).contains(LeaseTerms.BALANCED);
    }
  }

  @Test
  void a_lease_that_cannot_be_read_stops_the_start_and_is_named() throws Exception {
    try (Identity identity = Identity.hold(directory)) {
      Files.writeString(directory.resolve("lease.json"), "{");

      assertThatThrownBy(identity::lastLease)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("lease.json cannot be read");
    }
  }

  @Test
  void a_directory_that_cannot_be_made_is_named() throws Exception {
    Files.createFile(directory);

    assertThatThrownBy(() -> Identity.hold(directory))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("dataDirectory " + directory + " cannot be used");
  }

  @Test
  void each_run_gets_a_secret_of_its_own() {
    assertThat(Identity.token()).matches("[0-9a-f]{32}").isNotEqualTo(Identity.token());
  }
}
