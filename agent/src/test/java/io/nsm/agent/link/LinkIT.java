package io.nsm.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.agent.link.HeardEvents.AskedSave;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.OnLeaseLost;
import io.nsm.process.link.RunEnvironment;
import io.nsm.process.runtime.Main;
import io.nsm.process.runtime.NsmRuntime;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's end of the link with a real runtime in a JVM of its own. */
@Timeout(120)
class LinkIT {
  private static final RunId RUN = new RunId(new Incarnation("inc"), 7);
  private static final ProcessName PROCESS = new ProcessName("importer");
  private static final String TOKEN = "secret";
  private static final Epoch FIRST = new Epoch(1);

  private final Path output;
  private final Path socket;
  private final HostClock clock = HostClock.ofThisHost();
  private final HeardEvents heard = new HeardEvents();
  private final List<Process> started = new ArrayList<>();
  private final List<SocketLinks> opened = new ArrayList<>();

  LinkIT(@TempDir Path directory) {
    output = directory.resolve("output");
    socket = directory.resolve("run/s");
  }

  @AfterEach
  void end_what_was_started() throws Exception {
    opened.forEach(SocketLinks::close);
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void acts_saves_and_goes_on_as_long_as_it_is_extended() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.HALT, 3_000);
    HostTime firstEnd = clock.now().plusMillis(3_000);

    assertThat(answerNextSave(links).sequence()).isEqualTo(1);
    long saves = 1;
    while (!clock.now().hasReached(firstEnd.plusMillis(1_000))) {
      links.extend(RUN, FIRST, deadline(3_000));
      assertThat(answerNextSave(links).sequence()).isEqualTo(++saves);
    }
    links.extend(RUN, FIRST, deadline(60_000));
    links.deactivate(RUN, FIRST);
    answerSavesUntilTold(links, "deactivated 1");
    links.stop(RUN);

    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_OK);
    assertThat(lines()).containsSubsequence("start", "activate 1", "deactivate", "stop");
  }

  @Test
  void goes_on_without_its_agent_and_finds_the_next_one() throws Exception {
    SocketLinks before = links();
    Process process = active(before, OnLeaseLost.HALT, 60_000);
    answerNextSave(before);
    AskedSave unanswered = nextSave();
    before.close();
    heard.saves.clear();

    // The new agent does not know the run yet, as before its adoption: refused, and tried again.
    SocketLinks after = new SocketLinks(socket, heard);
    opened.add(after);
    await(() -> Files.readString(output).contains("refused by the agent"));
    after.expect(RUN, PROCESS, TOKEN);

    heard.await("connected in 1");
    heard.expectNext("ready");
    heard.expectNext("activated 1");
    assertThat(nextSave()).isEqualTo(unanswered);
    after.answerSave(RUN, unanswered.correlation(), Links.SaveAnswer.SAVED);
    assertThat(answerNextSave(after).sequence()).isEqualTo(unanswered.sequence() + 1);
    assertThat(process.isAlive()).isTrue();
    assertThat(lines()).doesNotContain("deactivate");
  }

  @Test
  void halts_at_the_end_of_the_lease_though_the_agent_is_gone() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.HALT, 1_500);
    HostTime end = clock.now().plusMillis(1_500);
    links.close();

    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_LEASE_LOST);
    assertThat(clock.now().hasReached(end.plusMillis(-100))).isTrue();
    assertThat(lines()).contains("nsm: the lease of epoch 1 has ended: this JVM halts");
    assertThat(lines()).doesNotContain("deactivate", "stop");
  }

  @Test
  void is_demoted_at_the_end_of_the_lease_and_can_act_in_a_later_epoch() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.DEMOTE, 1_000);

    heard.expectNext("deactivated 1");
    links.extend(RUN, FIRST, deadline(60_000));
    heard.expectNext("deactivated 1");
    links.activate(RUN, new Epoch(2), deadline(60_000), Optional.empty());
    heard.expectNext("activated 2");
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void halts_when_it_was_stopped_beyond_the_lease_whatever_was_pushed_meanwhile() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.HALT, 2_000);
    stopBeyondTheLease(links, process, 2_000);

    signal(process, "CONT");

    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_LEASE_LOST);
    assertThat(lines()).doesNotContain("activate 2");
  }

  @Test
  void does_not_act_or_save_when_it_was_stopped_beyond_the_lease() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.DEMOTE, 2_000);
    stopBeyondTheLease(links, process, 2_000);
    heard.saves.clear();

    signal(process, "CONT");
    heard.expectNext("deactivated 1");

    // At most the one save that was under way when it was stopped; the ledger refuses that.
    assertThat(heard.saves.size()).isLessThanOrEqualTo(1);
    assertThat(lines()).contains("deactivate");
  }

  @Test
  void a_process_with_a_wrong_token_is_refused_and_says_so() throws Exception {
    SocketLinks links = links();
    Process process = launch(environment("guess", OnLeaseLost.HALT).variables());

    await(() -> Files.readString(output).contains("refused by the agent: the token is not"));
    assertThat(heard.hasMore()).isFalse();
    assertThat(process.isAlive()).isTrue();
    assertThat(links).isNotNull();
  }

  @Test
  void ends_in_order_at_sigterm() throws Exception {
    SocketLinks links = links();
    Process process = active(links, OnLeaseLost.HALT, 60_000);
    answerNextSave(links);
    signal(process, "TERM");
    answerSavesUntilTold(links, "deactivated 1");

    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_OK);
    assertThat(lines()).containsSubsequence("activate 1", "deactivate", "stop");
  }

  @Test
  void a_failing_callback_ends_it_with_a_stack_trace() throws Exception {
    SocketLinks links = links();
    Process process = launch(environment(TOKEN, OnLeaseLost.HALT).variables(), "--fail");

    heard.await("failed java.lang.IllegalStateException: told to fail");
    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_FAILED);
    assertThat(Files.readString(output)).contains("at io.nsm.agent.link.LinkedProgram.start");
    assertThat(links).isNotNull();
  }

  @Test
  void completes() throws Exception {
    SocketLinks links = links();
    Process process = launch(environment(TOKEN, OnLeaseLost.HALT).variables(), "--complete");

    heard.await("completed");
    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_OK);
    assertThat(lines()).containsSubsequence("start", "stop");
    assertThat(links).isNotNull();
  }

  @Test
  void a_process_of_another_user_connects_once_that_is_let_in() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> asNobody =
        List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--");
    boolean possible =
        ran(asNobody, List.of(java.toString(), "-cp", readable(), Main.class.getName()))
            == NsmRuntime.EXIT_USAGE;
    if (!possible) {
      System.out.println("not tried here: no JVM can be started as nobody that finds our classes");
    }
    assumeTrue(possible);
    Files.setPosixFilePermissions(
        Objects.requireNonNull(output.getParent()), PosixFilePermissions.fromString("rwx--x--x"));
    SocketLinks links = links();
    List<String> command = new ArrayList<>(asNobody);
    command.addAll(
        List.of(
            java.toString(),
            "-cp",
            readable(),
            Main.class.getName(),
            LinkedProgram.class.getName()));
    start(command, environment(TOKEN, OnLeaseLost.HALT).variables());
    await(() -> Files.exists(output) && Files.size(output) > 0); // it says that it cannot connect

    links.admit("nobody");

    heard.expectNext("connected");
    heard.expectNext("ready");
  }

  /** Some of the class path may be in the home of whoever builds. */
  private static String readable() {
    return String.join(
        File.pathSeparator,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("/.m2/"))
            .toList());
  }

  private static int ran(List<String> prefix, List<String> command) throws Exception {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(command);
    try {
      return new ProcessBuilder(words)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException noSetpriv) {
      return -1;
    }
  }

  @Test
  void says_how_it_is_run_when_nobody_launched_it() throws Exception {
    Process process = launch(Map.of());

    assertThat(exitCode(process)).isEqualTo(NsmRuntime.EXIT_USAGE);
    assertThat(Files.readString(output))
        .contains("NSM_SOCKET is not in the environment")
        .contains("nsmctl apply -f processes.yaml");
  }

  private SocketLinks links() throws IOException {
    SocketLinks links = new SocketLinks(socket, heard);
    opened.add(links);
    links.expect(RUN, PROCESS, TOKEN);
    return links;
  }

  /** A process that acts in the first epoch for some time. */
  private Process active(SocketLinks links, OnLeaseLost onLeaseLost, long millis) throws Exception {
    Process process = launch(environment(TOKEN, onLeaseLost).variables());
    heard.expectNext("connected");
    heard.expectNext("ready");
    links.activate(RUN, FIRST, deadline(millis), Optional.empty());
    heard.expectNext("activated 1");
    return process;
  }

  /** Stops the process, and pushes what would extend its lease, which it cannot read in time. */
  private void stopBeyondTheLease(SocketLinks links, Process process, long millis)
      throws Exception {
    HostTime end = clock.now().plusMillis(millis);
    signal(process, "STOP");
    while (!clock.now().hasReached(end.plusMillis(100))) {
      links.extend(RUN, FIRST, deadline(60_000));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private Process launch(Map<String, String> environment, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                LinkedProgram.class.getName()));
    command.addAll(List.of(args));
    return start(command, environment);
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private RunEnvironment environment(String token, OnLeaseLost onLeaseLost) {
    return new RunEnvironment(
        socket.toString(), token, RUN.toString(), "importer", 1, "host1", Map.of(), onLeaseLost);
  }

  private Links.Deadline deadline(long millis) {
    HostTime end = clock.now().plusMillis(millis);
    return new Links.Deadline(end.monotonicNanos(), end.bootMillis());
  }

  private AskedSave nextSave() throws InterruptedException {
    AskedSave save = heard.saves.poll(30, TimeUnit.SECONDS);
    assertThat(save).as("a save within 30 s").isNotNull();
    return save;
  }

  private AskedSave answerNextSave(SocketLinks links) throws InterruptedException {
    AskedSave save = nextSave();
    links.answerSave(RUN, save.correlation(), Links.SaveAnswer.SAVED);
    return save;
  }

  private void answerSavesUntilTold(SocketLinks links, String event) throws InterruptedException {
    while (!heard.hasMore()) {
      AskedSave save = heard.saves.poll(10, TimeUnit.MILLISECONDS);
      if (save != null) {
        links.answerSave(RUN, save.correlation(), Links.SaveAnswer.SAVED);
      }
    }
    heard.expectNext(event);
  }

  private static void signal(Process process, String name) throws Exception {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertThat(code).isZero();
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends within 30 s").isTrue();
    return process.exitValue();
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(output);
  }

  /** Something that comes true. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("within 30 s").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
