package io.nsm.agent.launch;

import static io.nsm.agent.launch.Specs.WORKER;
import static io.nsm.agent.launch.Specs.run;
import static io.nsm.agent.launch.Specs.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nsm.supervisor.model.Resources;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in control groups of this host, as far as it permits them. */
class ControlGroupsIT {
  private static final Path CGROUP = Path.of("/proc/self/cgroup");
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /** Forks, makes a session of its own, forks again: nothing but its group knows whose it is. */
  private static final String RUNAWAY =
      "(env -i PATH=$PATH setsid sh -c '(sleep 300 & echo $! >%s) &' &) ; ";

  private final Heard heard = new Heard();
  private final Path directory;
  private Optional<OsLauncher> launcher = Optional.empty();
  private Optional<ControlGroups> groups = Optional.empty();

  ControlGroupsIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void stop() throws IOException {
    if (launcher.isPresent()) {
      launcher.get().close();
    }
    for (Path place : groups.map(ControlGroups::places).orElse(List.of())) {
      Files.deleteIfExists(place);
    }
  }

  @Test
  void what_left_its_session_twice_over_is_gone_after_a_kill() throws IOException {
    start(ControlGroups.open(directory, "auto"));
    killsTheRunaway();
  }

  @Test
  void so_it_is_in_version_1_alone() throws IOException {
    start(version1());
    killsTheRunaway();
  }

  private void killsTheRunaway() {
    Path pids = directory.resolve("pids");
    launcher
        .orElseThrow()
        .launch(WORKER, run(1), shell(RUNAWAY.formatted(pids) + "exec sleep 300"), Map.of());
    Pid runaway = runaway(pids);

    launcher.orElseThrow().kill(run(1));

    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(runaway.lives()).isFalse();
    assertThat(left(run(1))).isEmpty();
  }

  @Test
  void an_end_is_told_only_when_the_group_is_empty_too() throws IOException {
    start(ControlGroups.open(directory, "auto"));
    Path pids = directory.resolve("pids");

    launcher
        .orElseThrow()
        .launch(
            WORKER,
            run(1),
            shell(
                RUNAWAY.formatted(pids)
                    + "while [ ! -s %s ]; do sleep 0.02; done; exit 4".formatted(pids)),
            Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("EXIT_4");
    assertThat(runaway(pids).lives()).isFalse();
    assertThat(left(run(1))).isEmpty();
  }

  @Test
  void a_group_that_does_not_stand_still_is_killed_at_one_go() throws IOException {
    ControlGroups made = ControlGroups.open(directory, "auto");
    start(made);
    // Each one lives for a moment only and leaves two others behind, a few at a time.
    String restless =
        "next() { sleep 0.01; [ $1 -gt 2000 ] || { next $(($1 + 1)) & } ; } ; next 0 & next 0 &"
            + " exec sleep 300";

    launcher.orElseThrow().launch(WORKER, run(1), shell(restless), Map.of());
    heard.pid(run(1));
    launcher.orElseThrow().kill(run(1));

    assertThat(heard.exit(run(1)).reason()).isEqualTo("SIGNAL_9");
    assertThat(left(run(1))).isEmpty();
  }

  @Test
  void the_next_agent_finds_what_left_its_session() throws IOException {
    start(ControlGroups.open(directory, "auto"));
    Path pids = directory.resolve("pids");
    launcher
        .orElseThrow()
        .launch(WORKER, run(1), shell(RUNAWAY.formatted(pids) + "exec sleep 300"), Map.of());
    Pid runaway = runaway(pids);
    RunFiles files = new RunDirectories(directory).files(WORKER, run(1));

    LiveRun adopted =
        LiveRun.of(
            new Order(
                WORKER, run(1), shell(""), Map.of(), Clock.systemUTC().instant(), "this boot"),
            files,
            files.pids().orElseThrow(),
            Optional.empty());

    assertThat(adopted.members()).contains(runaway);
    launcher.orElseThrow().kill(run(1));
    heard.exit(run(1));
  }

  @Test
  void a_run_that_takes_more_memory_than_its_limit_is_OOM_KILLED() throws IOException {
    ControlGroups made = ControlGroups.open(directory, "auto");
    assumePermitted(made, "memory");
    start(made);

    launcher
        .orElseThrow()
        .launch(
            WORKER,
            run(1),
            shell("x=0123456789abcdef; while :; do x=$x$x; done", memory(16L << 20)),
            Map.of());
    launcher.orElseThrow().launch(WORKER, run(2), shell("kill -9 $$", memory(16L << 20)), Map.of());

    assertThat(heard.exit(run(1)).reason()).isEqualTo("OOM_KILLED");
    assertThat(heard.exit(run(2)).reason()).isEqualTo("SIGNAL_9");
    assertThat(launcher.orElseThrow().runs(WORKER))
        .extracting(record -> record.ended().orElseThrow().reason())
        .containsExactlyInAnyOrder("OOM_KILLED", "SIGNAL_9");
  }

  @Test
  void a_run_gets_its_share_of_the_processors() throws IOException {
    ControlGroups made = ControlGroups.open(directory, "auto");
    assumePermitted(made, "cpu");
    start(made);
    Resources resources =
        new Resources(
            Optional.empty(),
            Optional.of(0.1),
            Optional.of(50),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    launcher
        .orElseThrow()
        .launch(WORKER, run(1), shell("while :; do :; done", resources), Map.of());
    heard.pid(run(1));
    RunGroups run = new RunDirectories(directory).files(WORKER, run(1)).groups();

    heard.until("being held back", () -> throttled(run));
    launcher.orElseThrow().kill(run(1));
    heard.exit(run(1));
  }

  private static boolean throttled(RunGroups groups) {
    return groups.directories().stream()
        .map(group -> group.resolve("cpu.stat"))
        .filter(Files::exists)
        .flatMap(file -> read(file).lines())
        .anyMatch(line -> line.startsWith("nr_throttled ") && !line.endsWith(" 0"));
  }

  private void start(ControlGroups found) throws IOException {
    groups = Optional.of(found);
    assume(!found.places().isEmpty(), found);
    launcher =
        Optional.of(new OsLauncher(Specs.settings(directory, found), heard, Clock.systemUTC()));
  }

  private static void assumePermitted(ControlGroups found, String controller) {
    assume(found.lacking().stream().noneMatch(it -> it.startsWith(controller)), found);
  }

  private static void assume(boolean permitted, ControlGroups found) {
    if (!permitted) {
      System.out.println("not tried here: " + found.lacking());
    }
    assumeTrue(permitted, () -> String.join("; ", found.lacking()));
  }

  private ControlGroups version1() throws IOException {
    return ControlGroups.open(
        directory, "auto", without(CGROUP, "0::"), without(MOUNTS, " - cgroup2 "));
  }

  private Path without(Path file, String part) throws IOException {
    return Files.writeString(
        directory.resolve("own-" + file.getFileName()),
        Files.readAllLines(file).stream()
            .filter(line -> !line.contains(part))
            .collect(Collectors.joining("\n")));
  }

  private Pid runaway(Path pids) {
    heard.until("the runaway", () -> Files.exists(pids) && !read(pids).isBlank());
    long number = Long.parseLong(read(pids).strip());
    return ProcStat.read(number).map(ProcStat::pid).orElse(new Pid(number, 0));
  }

  private List<Pid> left(RunId run) {
    return groups.orElseThrow().places().stream()
        .map(place -> new RunGroups(List.of(place.resolve(run.toString()))))
        .flatMap(found -> found.members().stream())
        .toList();
  }

  private static Resources memory(long bytes) {
    return Resources.NONE.within(Optional.of(bytes));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
