package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.ledger.raft.VoterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Agents that must not start, some of them beside one that runs: what they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedStartsIT {
  private static final int INVALID = 2;
  private static final int CANNOT_START = 1;

  private final LocalCluster cluster = new LocalCluster("127.81.5", "fast", List.of("host1"));
  private final LocalHost running = cluster.host("host1");

  /** The data directory of a voter that took part. */
  private final Path used = cluster.directory().resolve("used");

  @BeforeAll
  void start() throws IOException {
    cluster.startAll();
    cluster.apply(
        """
        apiVersion: nsm/v1
        processes:
          sleeper:
            mode: replicated
            command: [sleep, '1000']
        """);
    cluster.awaitWell();
    assertThat(running.stopAgent()).isEqualTo(143);
    copy(running.data(), used);
    cluster.startAll();
    cluster.awaitWell();
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @Test
  void a_run_directory_whose_socket_path_would_be_too_long() throws IOException {
    LocalHost host = host("long", "127.81.5.2", "");
    host.configure(
        config(host, "host: host2\nrunDirectory: " + host.data() + "/" + "x".repeat(100) + "\n"));

    assertRefused(host, INVALID, "runDirectory", "at most 106 are possible");
  }

  @Test
  void a_data_directory_that_cannot_be_made() throws IOException {
    LocalHost host = host("nowhere", "127.81.5.2", "");
    Path file = Files.createFile(cluster.directory().resolve("a-file"));
    host.configure(config(host, "host: host2\n").replace(host.data().toString(), file + "/data"));

    assertRefused(host, CANNOT_START, "dataDirectory " + file + "/data cannot be used");
  }

  @Test
  void a_data_directory_that_another_agent_holds() throws IOException {
    LocalHost host = host("second", "127.81.5.2", "");
    host.configure(
        config(host, "host: host2\n").replace(host.data().toString(), running.data().toString()));

    assertRefused(host, CANNOT_START, running.data() + " is held by another agent");
  }

  @Test
  void an_address_that_another_agent_uses() throws Exception {
    LocalHost host = host("same-address", running.address(), "host: host1\n");
    VoterStore.initialise(host.data().resolve("ledger"));

    assertRefused(host, CANNOT_START, "host 'host1' cannot listen on", running.address());
  }

  @Test
  void a_host_name_that_another_agent_uses() throws Exception {
    LocalHost host =
        host(
            "same-name",
            "127.81.5.2",
            "host: host1\nvoters: [host1]\nhosts:\n  host1: {address: 127.81.5.2}\n  other: {address: %s}\n"
                .formatted(running.address()));
    VoterStore.initialise(host.data().resolve("ledger"));

    assertRefused(
        host, CANNOT_START, "host name 'host1' is in use by the agent at", running.address());
  }

  @Test
  void a_voter_that_was_never_initialised() throws IOException {
    LocalHost host = host("unmarked", "127.81.5.2", "host: host2\n");

    assertRefused(host, CANNOT_START, "host 'host2' is a voter", "nsm-agent init");
  }

  @Test
  void a_voter_that_lost_its_disk() throws IOException {
    LocalHost host = host("emptied", "127.81.5.2", "host: host1\n");
    copy(used, host.data());
    delete(host.data().resolve("ledger"));

    assertRefused(host, CANNOT_START, "host 'host1' is a voter", "forgot its votes");
  }

  @Test
  void a_voter_that_lost_its_vote() throws IOException {
    LocalHost host = host("voteless", "127.81.5.2", "host: host1\n");
    copy(used, host.data());
    Files.delete(in(host.data(), "raft-meta"::equals));

    assertRefused(host, CANNOT_START, "the vote of host 'host1' is gone");
  }

  @Test
  void a_data_directory_of_another_cluster() throws IOException {
    LocalHost host = host("renamed", "127.81.5.2", "host: host1\n");
    copy(used, host.data());
    Files.writeString(
        host.config(), Files.readString(host.config()).replace("cluster: test", "cluster: other"));

    assertRefused(host, CANNOT_START, "member with cluster 'test'", "says 'other'");
  }

  @Test
  void a_ledger_that_is_damaged_in_its_middle() throws IOException {
    LocalHost host = host("damaged", "127.81.5.2", "host: host1\n");
    copy(used, host.data());
    Path log = in(host.data(), name -> name.startsWith("log_"));
    byte[] bytes = Files.readAllBytes(log);
    bytes[40] ^= 1;
    Files.write(log, bytes);

    assertRefused(host, CANNOT_START, log.toString(), "the log of the ledger is damaged here");
  }

  @Test
  void an_agent_of_another_cluster_starts_without_the_others_and_both_are_told() throws Exception {
    LocalHost host =
        host(
            "foreign",
            "127.81.5.2",
            "host: host2\nvoters: [host2]\nhosts:\n  host2: {address: 127.81.5.2}\n  host1: {address: %s}\n"
                .formatted(running.address()));
    Files.writeString(
        host.config(), Files.readString(host.config()).replace("cluster: test", "cluster: other"));
    VoterStore.initialise(host.data().resolve("ledger"));

    host.start();
    try {
      Await.until(
          "both to be told",
          () ->
              host.log().contains("'host2' to 'other'")
                  && running.log().contains("'host1' to 'test'"),
          () -> host.log() + running.log());
    } finally {
      host.killAll();
    }
  }

  private static void assertRefused(LocalHost host, int code, String... words) {
    host.start();
    try {
      int ended = host.ended();
      assertThat(host.log()).contains(words);
      assertThat(ended).isEqualTo(code);
    } finally {
      host.killAll();
    }
  }

  private LocalHost host(String name, String address, String keys) throws IOException {
    LocalHost host = new LocalHost(cluster.directory(), name, address);
    host.configure(config(host, keys));
    return host;
  }

  private static String config(LocalHost host, String keys) {
    String hosts =
        keys.contains("hosts:")
            ? ""
            : "hosts:\n  %s: {address: %s}\n"
                .formatted(keys.contains("host1") ? "host1" : "host2", host.address());
    return "apiVersion: nsm/v1\ncluster: test\nlease: {profile: fast}\ndataDirectory: "
        + host.data()
        + "\n"
        + "http: {bind: "
        + host.address()
        + "}\n"
        + hosts
        + keys;
  }

  private static Path in(Path directory, Predicate<String> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> wanted.test(file.getFileName().toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (Files.isRegularFile(file)) { // not the agent's socket
          Files.copy(file, target);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
