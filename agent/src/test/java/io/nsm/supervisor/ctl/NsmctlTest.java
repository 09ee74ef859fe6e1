package io.nsm.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nsm.agent.http.FakeCluster;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport;
import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.ctl.Shell.Result;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class NsmctlTest {
  private static final String DECLARATION =
      """
      apiVersion: nsm/v1
      processes:
        importer:
          mode: active-standby
          replicas: 2
          command: ["sleep", "7"]
      """;

  private final Shell shell;

  NsmctlTest(@TempDir Path directory) throws IOException {
    shell = new Shell(directory);
    shell.cluster.declare(FakeCluster.spec("importer", Mode.ACTIVE_STANDBY, 2));
    shell.cluster.declare(FakeCluster.spec("server", Mode.REPLICATED, 2));
    shell.cluster.declare(FakeCluster.spec("exporter", Mode.ONE_SHOT, 1));
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void status_says_in_its_first_line_that_all_is_well() {
    Result result = shell.run("status");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith(
            "all is well: 3 processes on 3 hosts; leader host1, 3 of 3 voters, lease balanced\n");
    assertThat(result.out()).contains("importer/1  host1  ACTIVE").doesNotContain("\033");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void status_is_coloured_only_at_a_terminal_and_not_against_the_users_will() {
    shell.atTerminal();
    assertThat(shell.run("status").out()).contains("\033[32m");

    shell.environment.put("NO_COLOR", "1");
    assertThat(shell.run("status").out()).doesNotContain("\033");
  }

  @Test
  void status_comes_in_each_format() throws Exception {
    byte[] json = shell.run("status", "-o", "json").out().getBytes(StandardCharsets.UTF_8);
    assertThat(Json.read(json, ClusterStatus.class).cluster()).isEqualTo("test");
    assertThat(shell.run("status", "-o", "yaml").out()).contains("cluster: test\n");
    assertThat(shell.run("status", "-o", "name").out()).isEqualTo("exporter\nimporter\nserver\n");
    assertThat(shell.run("status", "-o", "wide").out()).contains("PID").contains("INCARNATION");
  }

  @Test
  void status_of_a_process_that_is_stopped_exits_with_3() {
    shell.run("stop", "server");

    assertThat(shell.run("status", "server").code()).isEqualTo(3);
    assertThat(shell.run("status", "importer").code()).isZero();
    assertThat(shell.run("status", "nobody").code()).isEqualTo(4);
  }

  @Test
  void status_exits_with_3_when_something_is_not_well() {
    shell.cluster.failStarts();

    Result result = shell.run("restart", "server");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("failed (EXIT_1)").contains("nsmctl describe server");
    assertThat(shell.run("wait", "server", "--for=ready").code()).isEqualTo(3);
    assertThat(shell.run("status").code()).isEqualTo(3);
    assertThat(shell.run("status").out()).startsWith("NOT WELL: server/1 is FAILED (EXIT_1)");
  }

  @Test
  void without_quorum_status_is_shown_and_exits_with_8() {
    shell.cluster.quorum(new Quorum(false, 3, 1));

    Result result = shell.run("status");

    assertThat(result.code()).isEqualTo(8);
    assertThat(result.out()).startsWith("NOT WELL: no quorum: 1 of 3 voters reachable, 2 needed");
  }

  @Test
  void without_quorum_a_change_exits_with_8() {
    shell.cluster.refuseChanges(ErrorCode.NO_QUORUM, "no quorum: 1 of 3 voters reachable");

    Result result = shell.run("stop", "server");

    assertThat(result.code()).isEqualTo(8);
    assertThat(result.err()).contains("no quorum").contains("nsmctl status");
  }

  @Test
  void without_an_agent_it_exits_with_8_and_says_what_to_do() {
    Result result = shell.run("status", "--agent", "127.0.0.1:1");

    assertThat(result.code()).isEqualTo(8);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("no agent answers at 127.0.0.1:1")
        .contains("nsm-agent run")
        .contains("--agent");
  }

  @Test
  void of_several_agents_it_asks_the_next_when_one_is_down() {
    assertThat(shell.run("status", "--agent", "127.0.0.1:1," + shell.address()).code()).isZero();
  }

  @Test
  void what_answers_and_is_no_agent_is_called_so() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    try {
      Result result = shell.run("status", "--agent", "127.0.0.1:" + other.getAddress().getPort());

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("not as an NSM agent");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void a_silent_agent_makes_it_exit_with_7() {
    shell.cluster.fallSilent();

    assertThat(shell.run("status").code()).isEqualTo(7);
  }

  @Test
  void a_bug_of_the_agent_makes_it_exit_with_1() {
    shell.cluster.breakDown();

    assertThat(shell.run("stop", "server").code()).isEqualTo(1);
  }

  @Test
  void stop_waits_until_nothing_runs_and_tells_how_far_it_is() {
    Result result = shell.run("stop", "importer");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("importer: stopped\n");
    assertThat(result.err()).contains("importer: importer/1 ACTIVE, importer/2 STANDBY\n");
  }

  @Test
  void detached_it_does_not_wait() {
    shell.cluster.getStuck();

    Result result = shell.run("stop", "importer", "--detach");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("importer: accepted\n");
  }

  @Test
  void what_does_not_come_about_exits_with_7() {
    shell.cluster.getStuck();

    Result result = shell.run("stop", "importer", "--timeout=300ms");

    assertThat(result.code()).isEqualTo(7);
    assertThat(result.err()).contains("not done within 300ms; last seen: importer: importer/1");
  }

  @Test
  void start_and_restart_wait_for_the_new_runs() {
    long before = shell.cluster.process("server").instances().get(0).pid().orElseThrow();

    assertThat(shell.run("restart", "server", "-o", "name").out()).isEqualTo("server\n");
    assertThat(shell.cluster.process("server").instances().get(0).pid().orElseThrow())
        .isGreaterThan(before);
    shell.run("stop", "--all");
    assertThat(shell.cluster.process("server").wanted()).isEqualTo(Wanted.STOPPED);
    assertThat(shell.run("start", "--all").code()).isZero();
    assertThat(shell.run("status").code()).isZero();
  }

  @Test
  void start_of_a_one_shot_process_waits_for_a_run_of_its_own() {
    long before = shell.cluster.process("exporter").instances().get(0).pid().orElseThrow();

    assertThat(shell.run("start", "exporter").code()).isZero();

    assertThat(shell.cluster.process("exporter").instances().get(0).pid().orElseThrow())
        .isGreaterThan(before);
  }

  @Test
  void switchover_waits_until_the_next_one_is_active() {
    Result result = shell.run("switchover", "importer", "--to", "host2");

    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("importer: ACTIVE on host2 (importer/2, epoch 2)");
    assertThat(shell.cluster.calls).contains("SWITCHOVER importer to host2");
  }

  @Test
  void switchover_to_where_it_does_not_come_exits_with_6_and_to_no_host_with_4() {
    assertThat(shell.run("switchover", "importer", "--to", "host3").code()).isEqualTo(6);
    assertThat(shell.run("switchover", "importer", "--to", "host9").code()).isEqualTo(4);
  }

  @Test
  void a_dry_run_changes_nothing() {
    Result result = shell.run("stop", "importer", "--dry-run");

    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("would stop importer: ACTIVE on host1");
    assertThat(shell.cluster.calls).containsOnly("status");
  }

  @Test
  void without_a_token_a_change_exits_with_5_and_says_where_it_looked() throws IOException {
    Files.delete(shell.directory.resolve("nsm-data/token"));

    Result result = shell.run("stop", "importer");

    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err())
        .contains("nsm-data/token (no such file)")
        .contains("nowhere/token (no such file)")
        .contains("--token-file");
  }

  @Test
  void with_a_wrong_token_a_change_exits_with_5() {
    shell.environment.put("NSM_API_TOKEN", "wrong");

    Result result = shell.run("stop", "importer");

    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err()).contains("the token is not this agent's");
  }

  @Test
  void the_token_of_each_agent_may_be_named() throws IOException {
    Path wrong = shell.file("other", "wrong\n");
    String right = shell.directory.resolve("nsm-data/token").toString();

    Result result =
        shell.run(
            "stop",
            "importer",
            "--agent",
            "127.0.0.1:1," + shell.address(),
            "--token-file",
            wrong + "," + right);

    assertThat(result.code()).isZero();
    assertThat(shell.run("stop", "server", "--token-file", "a,b").code()).isEqualTo(2);
  }

  @Test
  void apply_shows_what_it_does_and_waits() throws IOException {
    Path file = shell.file("new.yaml", DECLARATION.replace("importer", "loader"));

    Result result = shell.run("apply", "-f", file.toString());

    assertThat(result.err()).contains("loader: ACTIVE on host1");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("loader   create");
    assertThat(shell.run("apply", "-f", file.toString()).out()).contains("loader   none");
  }

  @Test
  void apply_asks_before_it_starts_anew_and_without_a_terminal_wants_yes() throws IOException {
    String file = shell.file("changed.yaml", DECLARATION).toString();

    Result refused = shell.run("apply", "-f", file);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("restart importer").contains("--yes");
    assertThat(shell.cluster.calls).doesNotContain("apply");

    shell.answering("n");
    assertThat(shell.run("apply", "-f", file).code()).isEqualTo(1);
    assertThat(shell.cluster.calls).doesNotContain("apply");

    assertThat(shell.run("apply", "-y", "--dry-run", "-f", file).out()).contains("restart");
    assertThat(shell.cluster.calls).doesNotContain("apply");

    shell.answering("y");
    assertThat(shell.run("apply", "-f", file).code()).isZero();
    assertThat(shell.cluster.calls).contains("apply");
  }

  @Test
  void apply_removes_what_is_not_declared_when_told_to() throws IOException {
    String file = shell.file("one.yaml", DECLARATION).toString();

    Result result = shell.run("apply", "--prune", "-y", "-f", file);

    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("server: removed");
    assertThat(shell.run("status", "-o", "name").out()).isEqualTo("importer\n");
  }

  @Test
  void apply_exits_with_6_when_what_was_applied_fails() throws IOException {
    shell.cluster.failStarts();
    String file = shell.file("one.yaml", DECLARATION).toString();

    assertThat(shell.run("apply", "-y", "-f", file).code()).isEqualTo(6);
  }

  @Test
  void apply_exits_with_9_and_changes_nothing_when_no_host_fits() throws IOException {
    shell.cluster.haveNoRoom();
    String file = shell.file("one.yaml", DECLARATION).toString();

    Result result = shell.run("apply", "-y", "-f", file);

    assertThat(result.code()).isEqualTo(9);
    assertThat(result.err()).contains("importer: no host has zone=a");
    assertThat(shell.cluster.calls).doesNotContain("apply");
  }

  @Test
  void apply_exits_with_1_on_a_conflict() throws IOException {
    shell.cluster.refuseChanges(ErrorCode.CONFLICT, "another apply came between");
    String file = shell.file("one.yaml", DECLARATION).toString();

    Result result = shell.run("apply", "-y", "-f", file);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("another apply came between");
  }

  @Test
  void an_invalid_declaration_exits_with_2_and_shows_all_problems() throws IOException {
    Path file = shell.file("bad.yaml", DECLARATION.replace("mode:", "moed:").replace("2", "two"));

    for (String verb : List.of("validate", "plan", "apply")) {
      Result result = shell.run(verb, "-f", file.toString());

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).contains(file + ":4:").contains("moed").contains("'mode'");
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void validate_needs_no_agent() throws IOException {
    shell.environment.put("NSM_ADDR", "127.0.0.1:1");
    String file = shell.file("good.yaml", DECLARATION).toString();

    assertThat(shell.run("validate", "-f", file).out()).isEqualTo("valid: 1 process\n");
    assertThat(shell.run("validate", "-f", file, "-o", "json").out()).contains("\"importer\"");
  }

  @Test
  void plan_exits_with_1_when_asked_to_and_something_would_change() throws Exception {
    String file = shell.file("one.yaml", DECLARATION).toString();

    Result result = shell.run("plan", "-f", file, "--exit-code", "-o", "json");

    assertThat(result.code()).isEqualTo(1);
    PlanResult plan = Json.read(result.out().getBytes(StandardCharsets.UTF_8), PlanResult.class);
    assertThat(plan.changes().get(0).changedKeys()).containsExactly("command");
    assertThat(shell.run("diff", "-f", file).code()).isZero();
  }

  @Test
  void describe_tells_why_and_how_runs_ended() {
    Result result = shell.run("describe", "importer");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("importer: ACTIVE on host1 (importer/1, epoch 1); 1 STANDBY\n")
        .contains("importer/1 holds epoch 1 since 12:00:00")
        .contains("ended 1m ago after 5s: EXIT_1")
        .contains("| cannot open the feed")
        .contains("epoch 1, sequence 7, 2.0 KiB, saved 3s ago");
    assertThat(shell.run("describe", "nobody").code()).isEqualTo(4);
    assertThat(shell.run("describe", "Not a name").code()).isEqualTo(2);
  }

  @Test
  void events_show_each_promotion_with_its_timeline() {
    shell.cluster.happen(FakeCluster.promotion(5));

    Result result = shell.run("events");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "active on host2, epoch 42, after SIGNAL_9 of importer/1: noticed 2.1 ms, decided"
                + " 5.8 ms, active 9.4 ms");
    assertThat(shell.run("events", "server").out()).isEmpty();
    assertThat(shell.run("events", "-o", "name").out()).isEqualTo("5\n");
  }

  @Test
  void watched_events_are_an_object_a_line() {
    shell.cluster.happen(FakeCluster.promotion(5));

    Result result = shell.run("events", "-w", "-o", "json", "--timeout=1ms");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.out()).startsWith("{\"index\":5,");
  }

  @Test
  void watched_status_is_shown_again_only_when_it_changes() {
    Result result = shell.run("status", "-w", "--timeout=1100ms");

    assertThat(result.out().lines().filter(line -> line.startsWith("all is well"))).hasSize(1);
  }

  @Test
  void logs_of_several_instances_name_them() {
    Result result = shell.run("logs", "importer");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            importer/1@host1 | a line
            importer/1@host1 | another line
            importer/2@host2 | a line
            importer/2@host2 | another line
            """);
  }

  @Test
  void logs_of_one_instance_are_as_it_wrote_them() {
    assertThat(shell.run("logs", "importer/2", "--stderr", "--previous").out())
        .isEqualTo("a line\nanother line\n");
    assertThat(shell.cluster.calls).contains("logs importer/2 STDERR previous");
    assertThat(shell.run("logs", "importer", "--instance=1", "-f", "--timeout=2s").out())
        .isEqualTo("a line\nanother line\na later line\n");
    assertThat(shell.run("logs", "importer/7").code()).isEqualTo(4);
    assertThat(shell.run("logs", "importer/x").code()).isEqualTo(2);
    assertThat(shell.run("logs", "importer", "-n", "0").code()).isEqualTo(2);
  }

  @Test
  void logs_that_are_followed_show_who_acts_and_go_on_when_a_host_is_silent() {
    shell.cluster.declare(FakeCluster.spec("once", Mode.ONE_SHOT, 3));
    CompletableFuture<Result> followed =
        CompletableFuture.supplyAsync(() -> shell.run("logs", "once", "-f"));
    // Where the events begin it asks first; from then on it is told of new ones.
    long asked = 0;
    for (long index = 1_000_000; asked < 4; index += 3) {
      shell.cluster.happen(event(index, "once", Event.Kinds.DEMOTED, "gave its role up"));
      shell.cluster.happen(event(index + 1, "other", Event.Kinds.DEMOTED, "of another process"));
      shell.cluster.happen(event(index + 2, "once", Event.Kinds.READY, "no change of roles"));
      LockSupport.parkNanos(10_000_000);
      asked = shell.cluster.timesCalled("events");
    }
    assertThat(shell.run("stop", "once").code()).isZero();

    Result result = followed.join();

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("once/1@host1 | a later line", "once/2@host2 | a later line")
        .containsPattern("--- .*DEMOTED.* gave its role up")
        .doesNotContain("of another process", "no change of roles");
    assertThat(result.err()).contains("once/3: host3 does not answer; goes on");
  }

  private static Event event(long index, String process, String kind, String text) {
    return new Event(
        index,
        Instant.EPOCH,
        Optional.of(new ProcessName(process)),
        Optional.empty(),
        Optional.empty(),
        kind,
        Optional.empty(),
        text,
        Optional.empty());
  }

  @Test
  void logs_since_a_time_are_read_to_their_end() {
    assertThat(shell.run("logs", "importer/1", "--since", "1500ms").out())
        .isEqualTo("a line\nanother line\na later line\n");
    assertThat(shell.cluster.calls).contains("logs importer/1 STDOUT since 2");
    assertThat(shell.run("logs", "importer", "--since=1m", "-n", "5").code()).isEqualTo(2);
    assertThat(shell.run("logs", "importer", "--since=1m", "--previous").code()).isEqualTo(2);
  }

  @Test
  void logs_show_what_they_can_when_one_host_does_not_answer() {
    shell.cluster.declare(FakeCluster.spec("wide", Mode.REPLICATED, 3));

    Result result = shell.run("logs", "wide");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("wide/2@host2 | a line");
    assertThat(result.err()).contains("wide/3: host3 does not answer");
    assertThat(shell.run("logs", "wide/3").code()).isEqualTo(7);
  }

  @Test
  void wait_tells_reached_from_hopeless_and_too_late() {
    assertThat(shell.run("wait", "importer", "--for=active").code()).isZero();
    assertThat(shell.run("wait", "server", "--for=ready").code()).isZero();
    assertThat(shell.run("wait", "exporter", "--for=completed", "--timeout=200ms").code())
        .isEqualTo(7);
    assertThat(shell.run("wait", "server", "--for=stopped").code()).isEqualTo(3);
    assertThat(shell.run("wait", "server", "--for=active").code()).isEqualTo(2);
    assertThat(shell.run("wait", "nobody", "--for=ready").code()).isEqualTo(4);
  }

  @Test
  void doctor_exits_with_1_when_a_check_failed() {
    assertThat(shell.run("doctor").code()).isZero();

    shell.cluster.report(
        new DoctorReport(
            new HostName("host1"),
            List.of(
                new Check("voters", Verdict.WARN, "2 hosts vote", Optional.of("add a witness")),
                new Check("java", Verdict.FAIL, "no java", Optional.of("install a JDK")))));
    Result result = shell.run("doctor");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("host1: 1 failed, 1 warning\n")
        .contains("warn  voters")
        .contains("install a JDK");
    assertThat(shell.run("doctor", "-o", "name").out()).isEqualTo("voters\njava\n");
  }

  @Test
  void version_tells_both_and_needs_no_agent() {
    assertThat(shell.run("version").out()).contains("agent   0.1.0, Java 17.0.15, API v1");

    Result alone = shell.run("version", "--agent", "127.0.0.1:1");
    assertThat(alone.code()).isZero();
    assertThat(alone.out()).startsWith("nsmctl").doesNotContain("agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completion_writes_a_script(String name) {
    Result result = shell.run("completion", name);

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("switchover").contains("complete -F");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explode",
        "status --output=xml",
        "status --agent=nowhere:port",
        "stop",
        "stop --all importer",
        "stop importer --timeout=soon",
        "wait importer",
        "wait importer --for=rain",
        "apply",
        "events -n 0",
        "switchover importer --to=No!"
      })
  void wrong_use_exits_with_2(String words) {
    Result result = shell.run(words.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("nsmctl: ");
  }

  @Test
  void a_misspelt_verb_is_answered_with_the_right_one() {
    assertThat(shell.run("statsu").err()).contains("status").contains("nsmctl --help");
  }

  @Test
  void no_words_at_all_show_the_help_and_exit_with_2() {
    Result result = shell.run();

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("Usage: nsmctl").contains("Exit codes:");
    assertThat(shell.run("--help").code()).isZero();
  }
}
