package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static io.nsm.agent.launch.Specs.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.ProcessSpec.Command;
import io.nsm.supervisor.model.ProcessSpec.Logs;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsLauncherIT {
  private static final Logs LOGS = new Logs(1024 * 1024, 3);

  private final Heard heard = new Heard();
  private final Path directory;
  private final OsLauncher launcher;

  OsLauncherIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.launcher = new OsLauncher(Specs.settings(directory), heard, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    launcher.close();
  }

  @Test
  void tells_the_exit_code_and_the_signal_of_an_end() {
    launcher.launch(WORKER, run(1), shell("exit 0"), Map.of());
    launcher.launch(WORKER, run(2), shell("exit 7"), Map.of());
    launcher.launch(WORKER, run(3), shell("kill -SEGV $$"), Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("EXIT_0");
    assertThat(heard.exit(run(2)).reason()).isEqualTo("EXIT_7");
    assertThat(heard.exit(run(3)).reason()).isEqualTo("SIGNAL_11");
    assertThat(heard.exit(run(3)).signal()).contains("SEGV");
  }

  @Test
  void sends_signals_by_name() {
    int number = 1;
    for (String signal : List.of("TERM", "INT", "QUIT", "USR1")) {
      RunId run = run(number++);
      launcher.launch(
          WORKER,
          run,
          shell("trap 'exit 42' " + signal + "; echo up; while :; do sleep 0.05; done"),
          Map.of());
      heard.until("trap", () -> launcher.tail(run, 1).equals(List.of("up")));

      launcher.signal(run, signal);

      assertThat(heard.exit(run).code()).as(signal).isEqualTo(42);
    }
  }

  @Test
  void kills_a_program_that_ignores_TERM_and_its_whole_session() throws IOException {
    Path pids = directory.resolve("pids");
    String script =
        "trap '' TERM; (trap '' TERM; (sleep 300 & echo $! >"
            + pids
            + ") & ) ; sleep 300 & wait; echo no";
    launcher.launch(WORKER, run(1), shell(script), Map.of());
    long pid = heard.pid(run(1));
    heard.until("grandchild", () -> Files.exists(pids) && lines(pids).size() == 1);
    ProcStat grandchild = ProcStat.read(Long.parseLong(lines(pids).get(0))).orElseThrow();

    launcher.signal(run(1), "TERM");
    assertThat(heard.hasExited(run(1))).isFalse();
    launcher.kill(run(1));

    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(grandchild.pid().lives()).isFalse();
    assertThat(ProcStat.read(pid).filter(ProcStat::runs)).isEmpty();
  }

  @Test
  void tells_an_end_only_when_what_the_program_left_behind_is_gone_too() {
    Path pids = directory.resolve("pids");
    launcher.launch(
        WORKER, run(1), shell("setpriv true; sleep 300 & echo $! >" + pids + "; exit 4"), Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("EXIT_4");
    assertThat(ProcStat.read(Long.parseLong(lines(pids).get(0))).filter(ProcStat::runs)).isEmpty();
  }

  @Test
  void ends_the_run_when_its_parent_is_killed() {
    launcher.launch(WORKER, run(1), shell("exec sleep 300"), Map.of());
    Pid program = ProcStat.read(heard.pid(run(1))).orElseThrow().pid();
    RunFiles.Pids pids = files(run(1)).pids().orElseThrow();

    pids.parent().signal(true);

    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(program.lives()).isFalse();
  }

  @Test
  void starts_two_hundred_programs_one_after_the_other() {
    int count = 200;
    for (int i = 1; i <= count; i++) {
      launcher.launch(WORKER, run(i), shell("exit " + i % 100), Map.of());
    }
    for (int i = 1; i <= count; i++) {
      assertThat(heard.exit(run(i)).code()).isEqualTo(i % 100);
    }
  }

  @Test
  void gives_the_declared_the_given_and_little_of_its_own_environment() {
    launcher.launch(
        WORKER,
        run(1),
        Specs.of(
            new Command(List.of("env")),
            Map.of("PLACE", "${host.name} in ${host.zone}"),
            Map.of(),
            LOGS),
        Map.of("NSM_TOKEN", "t"));

    heard.exit(run(1));

    assertThat(launcher.tail(run(1), 100))
        .contains("PLACE=host1 in a", "NSM_TOKEN=t", "NSM_RUN=i1-1")
        .noneMatch(line -> line.startsWith("MAVEN") || line.startsWith("JAVA"));
  }

  @Test
  void says_what_is_missing_and_starts_nothing() {
    launcher.launch(WORKER, run(1), Specs.of(new Command(List.of("/opt/none/prog"))), Map.of());
    launcher.launch(
        WORKER,
        run(2),
        Specs.of(new Command(List.of("sh")), Map.of("A", "${host.label.disk}"), Map.of(), LOGS),
        Map.of());

    assertThat(heard.failure(run(1)))
        .isEqualTo("processes.worker.command[0]: /opt/none/prog on host host1: no such file");
    assertThat(heard.failure(run(2)))
        .isEqualTo(
            "processes.worker: host host1 does not have [host.label.disk]; its labels are {zone=a}");
    assertThat(launcher.adopt()).isEmpty();
  }

  @Test
  void says_who_has_a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      launcher.launch(
          WORKER,
          run(1),
          Specs.of(
              new Command(List.of("true")), Map.of(), Map.of("http", taken.getLocalPort()), LOGS),
          Map.of());

      assertThat(heard.failure(run(1)))
          .startsWith(
              "processes.worker.ports.http: port "
                  + taken.getLocalPort()
                  + " on host host1 is taken")
          .contains("pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void says_that_the_run_directory_cannot_be_written() throws IOException {
    Files.createDirectories(directory.resolve("runs"));
    Files.writeString(directory.resolve("runs/worker"), "not a directory");

    launcher.launch(WORKER, run(1), shell("exit 0"), Map.of());

    assertThat(heard.failure(run(1)))
        .contains(directory.toString(), "is its disk full, or not ours to write?");
  }

  @Test
  void keeps_the_newest_ended_runs_once_they_are_forgotten() throws IOException {
    for (int i = 1; i <= 8; i++) {
      launcher.launch(WORKER, run(i), shell("echo " + i), Map.of());
      heard.exit(run(i));
      launcher.forget(run(i));
    }
    heard.until("pruning", () -> runs().equals(List.of(run(8), run(7), run(6), run(5), run(4))));

    assertThat(launcher.runs(WORKER).get(1).ended().orElseThrow().reason()).isEqualTo("EXIT_0");
    assertThat(launcher.tail(run(7), 5)).containsExactly("7");
    assertThat(launcher.adopt()).isEmpty();
  }

  @Test
  void bounds_the_output_of_a_program_that_writes_a_lot() throws IOException {
    Logs logs = new Logs(100_000, 3);
    Command loud =
        new Command(
            List.of(
                "sh",
                "-c",
                "i=0; while [ $i -lt 60000 ]; do echo \"line $i of many\"; i=$((i+1)); done;"
                    + " while [ ! -e go ]; do sleep 0.02; done; echo last"));

    launcher.launch(WORKER, run(1), Specs.of(loud, Map.of(), Map.of(), logs), Map.of());
    heard.until(
        "cut",
        () ->
            size(files(run(1)).directory().resolve("out.log")) < 100_000
                && launcher.tail(run(1), 1).equals(List.of("line 59999 of many")));
    Files.createFile(directory.resolve("go"));

    assertThat(heard.exit(run(1)).code()).isZero();
    assertThat(launcher.tail(run(1), 1)).containsExactly("last");
    RunLogs output = launcher.logs(run(1)).orElseThrow();
    RunLogs.Chunk first = output.read(RunLogs.Stream.OUT, 0, RunLogs.MAX_READ);
    assertThat(first.offset()).isPositive();
    try (var files = Files.list(files(run(1)).directory())) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.startsWith("out.log") && !name.endsWith(".times")))
          .hasSizeLessThanOrEqualTo(3);
    }
  }

  @Test
  void tells_an_end_soon() {
    List<Double> millis = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      launcher.launch(WORKER, run(i), shell("exec sleep 300"), Map.of());
      Pid program = ProcStat.read(heard.pid(run(i))).orElseThrow().pid();
      heard.until(
          "sleep",
          () ->
              ProcessHandle.of(program.number())
                  .flatMap(p -> p.info().command())
                  .orElse("")
                  .endsWith("sleep"));
      long killed = System.nanoTime();
      program.signal(true);
      assertThat(heard.exit(run(i)).reason()).isEqualTo("SIGNAL_9");
      millis.add((heard.exitedAt(run(i)) - killed) / 1e6);
    }
    millis.sort(null);
    System.out.printf(
        "kill -9 to exited, 40 times: median %.2f ms, worst %.2f ms%n",
        millis.get(20), millis.get(39));
  }

  private List<RunId> runs() {
    try {
      return launcher.runs(WORKER).stream().map(RunRecord::run).toList();
    } catch (IOException beingPruned) {
      return List.of();
    }
  }

  private RunFiles files(RunId run) {
    return new RunDirectories(directory).files(WORKER, run);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
