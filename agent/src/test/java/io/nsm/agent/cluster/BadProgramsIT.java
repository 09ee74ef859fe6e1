package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.ProcessDescription;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Programs that cannot run or do not behave, on one host: what its operator is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadProgramsIT {
  private final LocalCluster cluster = new LocalCluster("127.81.3", "fast", List.of("host1"));
  private final ServerSocket taken;

  BadProgramsIT() throws IOException {
    taken = new ServerSocket();
  }

  @BeforeAll
  void declare() throws IOException {
    taken.bind(new InetSocketAddress("0.0.0.0", 0));
    cluster.startAll();
    cluster.apply(
        """
        apiVersion: nsm/v1
        defaults:
          restart: {backoff: {initial: 300ms, max: 1m}}
        processes:
          no-jar:
            mode: replicated
            java: {jar: /nowhere/feed.jar}
          no-java:
            mode: replicated
            java: {home: /nowhere/jdk, jar: /nowhere/feed.jar}
          no-program:
            mode: replicated
            command: [/nowhere/feed]
          no-port:
            mode: replicated
            command: [sleep, '1000']
            ports: {http: %d}
          exits:
            mode: replicated
            command: [sh, -c, 'echo first words; echo out of luck >&2; exit 7']
          deaf:
            mode: replicated
            command: [sh, -c, "trap '' TERM; echo deaf; while true; do sleep 1000; done"]
            stop: {timeout: 1s}
          oversaver:
            mode: active-standby
            replicas: 1
            java: %s
        """
            .formatted(taken.getLocalPort(), Recorders.program(Oversaver.class, "")));
  }

  @AfterAll
  void close() throws IOException {
    taken.close();
    cluster.close();
  }

  @Test
  void a_jar_that_is_missing_is_named_with_its_host() {
    assertThat(why("no-jar")).contains("/nowhere/feed.jar").contains("host1");
  }

  @Test
  void a_java_that_is_missing_is_named_with_its_host() {
    assertThat(why("no-java")).contains("/nowhere/jdk").contains("host1");
  }

  @Test
  void a_command_that_is_missing_is_named() {
    assertThat(why("no-program")).contains("/nowhere/feed");
  }

  @Test
  void a_port_that_is_taken_is_named() {
    assertThat(why("no-port"))
        .contains("port " + taken.getLocalPort())
        .contains("processes.no-port.ports.http");
  }

  @Test
  void a_program_that_exits_at_once_is_tried_again_and_its_reason_and_last_words_are_shown() {
    ProcessDescription described =
        described(
            "exits",
            "a second try",
            now ->
                now.instances().get(0).ended().size() > 1
                    && one(now).state() == InstanceState.BACKOFF);

    assertThat(one(described).reason()).contains("EXIT_7");
    assertThat(one(described).nextRestart()).isPresent();
    EndedRun ended = described.instances().get(0).ended().get(0);
    assertThat(ended.reason()).isEqualTo("EXIT_7");
    assertThat(ended.tail()).anyMatch(line -> line.contains("out of luck"));
  }

  @Test
  void a_program_that_ignores_TERM_is_killed_after_its_time() {
    InstanceStatus running =
        one(described("deaf", "its run", now -> one(now).state() == InstanceState.READY));
    Await.until(
        "its first words",
        () -> cluster.asked("its output", api -> api.lines("deaf", 1)).contains("deaf"),
        () -> "");

    cluster.asked("stop", api -> api.act("deaf", ActionRequest.Action.STOP));

    ProcessDescription stopped =
        described("deaf", "its end", now -> one(now).state() == InstanceState.STOPPED);
    assertThat(stopped.instances().get(0).ended().get(0).reason()).isEqualTo("SIGNAL_9");
    assertThat(Pids.lives(running.pid().orElseThrow())).isFalse();
  }

  @Test
  void a_checkpoint_that_is_too_large_is_refused_and_the_largest_is_kept() {
    ProcessDescription described =
        described("oversaver", "two ends", now -> now.instances().get(0).ended().size() > 1);

    EndedRun ended = described.instances().get(0).ended().get(0);
    assertThat(ended.reason()).contains("larger than the 8388608 allowed");
    assertThat(ended.tail()).contains("found Optional[8388608]");
    assertThat(described.checkpoint()).isPresent();
  }

  private static InstanceStatus one(ProcessDescription described) {
    return described.instances().get(0).status();
  }

  /** Why a process does not run, as its description says of its only instance. */
  private String why(String process) {
    ProcessDescription described =
        described(process, "a failed start", now -> one(now).state() == InstanceState.BACKOFF);
    return one(described).reason().orElse("no reason");
  }

  private ProcessDescription described(
      String process, String what, Predicate<ProcessDescription> condition) {
    return Await.value(
        process + ": " + what,
        () ->
            java.util.Optional.of(cluster.asked("a description", api -> api.describe(process)))
                .filter(now -> !now.instances().isEmpty())
                .filter(condition),
        () -> cluster.asked("a description", api -> api.describe(process)).toString());
  }
}
