package io.nsm.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.agent.http.Operations.LogQuery;
import io.nsm.agent.http.Refusal;
import io.nsm.agent.launch.ControlGroups;
import io.nsm.agent.launch.LaunchSettings;
import io.nsm.agent.launch.Launcher;
import io.nsm.agent.launch.OsLauncher;
import io.nsm.agent.lifecycle.Given;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.config.HostFacts;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of two runs of worker/1 that have ended, each with two lines. */
class HostLogsIT implements Launcher.RunListener {
  private static final HostName HOST = new HostName("host1");
  private static final RunId FIRST = Given.run(1);
  private static final RunId SECOND = Given.run(2);

  private final Map<RunId, CompletableFuture<Boolean>> ends = new ConcurrentHashMap<>();
  private final OsLauncher launcher;

  HostLogsIT(@TempDir Path directory) throws Exception {
    LaunchSettings settings =
        new LaunchSettings(
            directory,
            directory,
            Optional.empty(),
            new HostFacts(HOST, Map.of()),
            ControlGroups.none("these specs do without"),
            5);
    launcher = new OsLauncher(settings, this, Clock.systemUTC());
    ran(FIRST, "echo one; echo two; echo wrong >&2");
    ran(SECOND, "echo three; echo four");
  }

  @AfterEach
  void close() throws IOException {
    launcher.close();
  }

  @Override
  public void launched(RunId run, long pid) {}

  @Override
  public void launchFailed(RunId run, String reason) {
    end(run).completeExceptionally(new IllegalStateException(reason));
  }

  @Override
  public void exited(RunId run, Launcher.ExitStatus status) {
    end(run).complete(true);
  }

  private CompletableFuture<Boolean> end(RunId run) {
    return ends.computeIfAbsent(run, key -> new CompletableFuture<>());
  }

  private void ran(RunId run, String script) throws Exception {
    ProcessSpec spec = Given.replicated(new ProcessSpec.Command(List.of("/bin/sh", "-c", script)));
    launcher.launch(Given.WORKER, run, spec, Map.of());
    end(run).get(30, TimeUnit.SECONDS);
  }

  @Test
  void shows_the_last_lines_of_the_last_run_and_of_the_one_before() {
    assertThat(now().read(query(false, 1, Optional.empty(), Optional.empty())).lines())
        .containsExactly("four");
    LogChunk before = now().read(query(true, 9, Optional.empty(), Optional.empty()));
    assertThat(before.lines()).containsExactly("one", "two");
    assertThat(before.run()).contains(FIRST);
  }

  @Test
  void reads_on_where_it_was_and_in_the_next_run_when_one_is_over() {
    LogChunk first = now().read(query(false, 1, Optional.of(FIRST + ":0"), Optional.empty()));
    LogChunk second = now().read(query(false, 9, first.next(), Optional.empty()));
    LogChunk over = now().read(query(false, 9, second.next(), Optional.empty()));
    LogChunk next = now().read(query(false, 9, over.next(), Optional.empty()));

    assertThat(first.lines()).containsExactly("one");
    assertThat(second.lines()).containsExactly("two");
    assertThat(over.lines()).isEmpty();
    assertThat(next.lines()).containsExactly("three", "four");
    assertThat(next.run()).contains(SECOND);
  }

  @Test
  void begins_with_the_oldest_run_that_wrote_since_a_time() {
    LogChunk all = now().read(query(false, 9, Optional.empty(), Optional.of(Duration.ofHours(1))));
    assertThat(all.lines()).containsExactly("one", "two");

    HostLogs later = logs(Clock.fixed(Instant.now().plusSeconds(3600), ZoneOffset.UTC));
    assertThat(
            later
                .read(query(false, 9, Optional.empty(), Optional.of(Duration.ofSeconds(60))))
                .lines())
        .isEmpty();
  }

  @Test
  void refuses_a_place_that_it_never_gave() {
    assertThatThrownBy(() -> now().read(query(false, 9, Optional.of("there"), Optional.empty())))
        .isInstanceOf(Refusal.class);
  }

  private HostLogs now() {
    return logs(Clock.systemUTC());
  }

  private HostLogs logs(Clock clock) {
    return new HostLogs(HOST, launcher, clock);
  }

  private static LogQuery query(
      boolean previous, int lines, Optional<String> from, Optional<Duration> since) {
    return new LogQuery(
        Given.WORKER, LogChunk.Stream.STDOUT, previous, lines, from, since, Duration.ZERO);
  }
}
