package io.nsm.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoctorTest {

  @ParameterizedTest
  @CsvSource({"1, WARN", "2, WARN", "3, OK", "4, WARN", "5, OK"})
  void advises_against_numbers_of_voters_that_bear_no_loss_or_waste_one(
      int voters, Verdict verdict) {
    Check check = check(cluster(new Quorum(true, voters, voters)), "voters");

    assertThat(check.verdict()).isEqualTo(verdict);
    assertThat(check.advice().isEmpty()).isEqualTo(verdict == Verdict.OK);
  }

  @Test
  void tells_two_hosts_to_add_a_witness() {
    assertThat(check(cluster(new Quorum(true, 2, 2)), "voters").advice().orElseThrow())
        .contains("witness");
  }

  @Test
  void fails_without_quorum() {
    assertThat(check(cluster(new Quorum(false, 3, 1)), "quorum"))
        .isEqualTo(
            new Check(
                "quorum",
                Verdict.FAIL,
                "1 of 3 voters reachable, 2 needed: nothing is decided",
                Optional.of("start the agents of the silent voters, or mend the network to them")));
  }

  @Test
  void names_the_hosts_that_are_not_reachable() {
    HostStatus silent =
        new HostStatus(
            new HostName("b"),
            "b:7400",
            HostStatus.Role.VOTER,
            HostStatus.Presence.SILENT,
            Optional.empty(),
            Optional.empty());

    assertThat(check(cluster(new Quorum(true, 3, 2), silent), "hosts").text())
        .isEqualTo("not reachable: b (b:7400)");
  }

  @Test
  void passes_a_host_that_has_all_it_needs(@TempDir Path directory) throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    for (String program : List.of("setsid", "java")) {
      assertThat(Files.createFile(bin.resolve(program)).toFile().setExecutable(true)).isTrue();
    }
    Path uptime = Files.createFile(directory.resolve("uptime"));

    List<Check> checks =
        new HostChecks(directory, directory, bin.resolve("java"), "/nowhere:" + bin, uptime).all();

    assertThat(checks)
        .filteredOn(check -> !List.of("data", "run").contains(check.name()))
        .allMatch(check -> check.verdict() == Verdict.OK);
    assertThat(checks).noneMatch(check -> check.verdict() == Verdict.FAIL);
  }

  @Test
  void says_what_a_host_lacks_and_what_to_do(@TempDir Path directory) {
    Path nowhere = directory.resolve("nowhere");

    List<Check> checks = new HostChecks(nowhere, nowhere, nowhere, "", nowhere).all();

    assertThat(checks).allMatch(check -> check.advice().isPresent());
    assertThat(checks)
        .filteredOn(check -> check.verdict() == Verdict.FAIL)
        .extracting(Check::name)
        .containsExactly("clock", "data", "run", "java", "setsid");
  }

  private static Check check(ClusterStatus cluster, String name) {
    return ClusterChecks.of(cluster).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ClusterStatus cluster(Quorum quorum, HostStatus... hosts) {
    return ClusterStatus.judged(
        "test",
        1,
        Instant.EPOCH,
        new HostName("a"),
        quorum,
        Optional.of(new HostName("a")),
        "balanced",
        List.of(hosts),
        List.of());
  }
}
