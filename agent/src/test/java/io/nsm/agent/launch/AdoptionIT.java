package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.supervisor.model.RunId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionIT {
  private final Path directory;
  private final Heard heard = new Heard();
  private Optional<OsLauncher> launcher = Optional.empty();

  AdoptionIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void endEverything() throws IOException {
    Session.carrying("i1-1").forEach(pid -> pid.signal(true));
    Session.carrying("i1-2").forEach(pid -> pid.signal(true));
    Session.carrying("i1-3").forEach(pid -> pid.signal(true));
    if (launcher.isPresent()) {
      launcher.get().close();
    }
  }

  @Test
  void adopts_what_a_killed_agent_launched_and_notices_its_end() throws Exception {
    Process agent = startAgent();
    List<Pid> pids = launchedBy(agent);
    kill(agent);

    Map<RunId, FoundRun> found = adopt();
    assertThat(of(found, run(1)).ended()).isEmpty();
    assertThat(of(found, run(1)).environment()).containsEntry("NSM_TOKEN", "secret");
    assertThat(of(found, run(1)).spec().restart().noRestart()).containsExactly(78);
    assertThat(pids.get(0).lives()).isTrue();

    Files.createFile(directory.resolve("end"));
    assertThat(heard.exit(run(2)).reason()).isEqualTo("EXIT_7");

    launcher().kill(run(1));
    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(pids.get(0).lives()).isFalse();
  }

  @Test
  void ends_commands_with_their_agent() throws Exception {
    Process agent = startAgent();
    Pid command = launchedBy(agent).get(2);
    heard.until("children", () -> Session.carrying("i1-3").size() == 5);

    kill(agent);

    heard.until("end of the command", () -> !command.lives());
    heard.until("end of all its children", () -> Session.carrying("i1-3").isEmpty());
    assertThat(of(adopt(), run(3)).ended().orElseThrow().reason()).isEqualTo("SIGNAL_9");
  }

  @Test
  void tells_the_exit_code_of_a_run_that_ended_while_no_agent_was_there() throws Exception {
    Process agent = startAgent();
    Pid ending = launchedBy(agent).get(1);
    kill(agent);
    Files.createFile(directory.resolve("end"));
    heard.until("end", () -> Session.carrying("i1-2").isEmpty());

    assertThat(ending.lives()).isFalse();
    assertThat(of(adopt(), run(2)).ended().orElseThrow().reason()).isEqualTo("EXIT_7");
  }

  @Test
  void never_touches_a_stranger_that_has_a_number_used_before() throws Exception {
    Process stranger = new ProcessBuilder("setsid", "sleep", "300").start();
    heard.until("own session", () -> stat(stranger).session() == stranger.pid());
    OsLauncher first = launcher();
    first.launch(WORKER, run(1), Specs.shell("exit 5"), Map.of());
    heard.exit(run(1));
    Path files = new RunDirectories(directory).files(WORKER, run(1)).directory();
    Files.delete(files.resolve("exit"));
    String number = Long.toString(stranger.pid());
    Files.writeString(files.resolve("pid"), number + " 1 " + number + " 1\n");
    first.close();

    try {
      launcher = Optional.empty();
      FoundRun found = of(adopt(), run(1));
      assertThat(found.ended().orElseThrow().reason()).isEqualTo("SIGNAL_9");
      launcher().kill(run(1));
      launcher().signal(run(1), "TERM");
      assertThat(stat(stranger).runs()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void clears_what_a_crash_left_half_done() throws Exception {
    OsLauncher first = launcher();
    first.launch(WORKER, run(1), Specs.shell("exit 5"), Map.of());
    heard.exit(run(1));
    RunDirectories directories = new RunDirectories(directory);
    Path whole = directories.files(WORKER, run(1)).directory();
    for (String gone : List.of("exit", "pid")) {
      Files.delete(whole.resolve(gone));
    }
    directories.create(directories.files(WORKER, run(2)));
    directories.create(directories.files(WORKER, run(3)));
    Files.writeString(whole.resolveSibling("i1-3/order.json"), "{\"instance\":");
    first.close();
    launcher = Optional.empty();

    Map<RunId, FoundRun> found = adopt();

    assertThat(found).containsOnlyKeys(run(1));
    assertThat(of(found, run(1)).ended().orElseThrow().code()).isEqualTo(Adoption.NEVER_STARTED);
    assertThat(whole.resolveSibling("i1-2")).doesNotExist();
    assertThat(whole.resolveSibling("i1-3")).doesNotExist();
  }

  @Test
  void ends_a_run_whose_parent_was_killed_while_no_agent_was_there() throws Exception {
    Process agent = startAgent();
    Pid program = launchedBy(agent).get(0);
    Pid parent = new RunDirectories(directory).files(WORKER, run(1)).pids().orElseThrow().parent();
    kill(agent);
    parent.signal(true);
    heard.until("end of the parent", () -> !parent.lives());

    adopt();

    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(program.lives()).isFalse();
  }

  private Process startAgent() throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AgentStandIn.class.getName(),
            directory.toString())
        .redirectErrorStream(true)
        .start();
  }

  /** The three programs, in order of their runs. */
  private static List<Pid> launchedBy(Process agent) throws IOException {
    BufferedReader output = agent.inputReader(StandardCharsets.UTF_8);
    Pid[] pids = new Pid[3];
    for (int launched = 0; launched < 3; ) {
      String line = output.readLine();
      assertThat(line).as("what the agent says").isNotNull();
      if (line.startsWith("launched ")) {
        String[] words = line.split(" ");
        long number = Long.parseLong(words[2]);
        pids[(int) RunId.parse(words[1]).counter() - 1] = ProcStat.read(number).orElseThrow().pid();
        launched++;
      }
    }
    return List.of(pids);
  }

  private static void kill(Process agent) throws InterruptedException {
    agent.destroyForcibly().waitFor();
  }

  private Map<RunId, FoundRun> adopt() throws IOException {
    return launcher().adopt().stream()
        .collect(Collectors.toMap(FoundRun::run, Function.identity()));
  }

  private static FoundRun of(Map<RunId, FoundRun> found, RunId run) {
    return Optional.ofNullable(found.get(run)).orElseThrow();
  }

  private OsLauncher launcher() throws IOException {
    if (launcher.isEmpty()) {
      launcher = Optional.of(new OsLauncher(Specs.settings(directory), heard, Clock.systemUTC()));
    }
    return launcher.get();
  }

  private static ProcStat stat(Process process) {
    return ProcStat.read(process.pid()).orElseThrow();
  }
}
