package io.nsm.agent.chaos;

import io.nsm.agent.cluster.AgentApi;
import io.nsm.agent.cluster.Pids;
import io.nsm.supervisor.api.ClusterStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A host: a network namespace, a small disk of its own, and an agent while that runs. */
final class Machine {
  private static final int API_PORT = 7402;

  /** Longer than an agent that is well takes to answer, also on a busy machine. */
  private static final int ANSWER_MILLIS = 2500;

  private static final int DISK_MEGABYTES = 192;

  private final int number;
  private final Path directory;
  private final Wires wires;
  private Optional<Process> agent = Optional.empty();

  /** Whether the nemesis keeps it down; else an agent that ended is started again. */
  private boolean held = true;

  Machine(int number, Path directory, Wires wires) {
    this.number = number;
    this.directory = directory;
    this.wires = wires;
  }

  int number() {
    return number;
  }

  String name() {
    return "host" + number;
  }

  /** The disk: what is in it is all that outlives a loss of power. */
  Path disk() {
    return directory.resolve(name());
  }

  Path run() {
    return disk().resolve("run");
  }

  Path config() {
    return directory.resolve(name() + ".yaml");
  }

  Path log() {
    return directory.resolve(name() + ".log");
  }

  void mountDisk() throws IOException {
    Files.createDirectories(disk());
    Command.run(
        "mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "nsm-chaos", text(disk()));
  }

  /** May be refused for a moment, while what was killed gives its files back. */
  void makeReadOnly(boolean readOnly) throws InterruptedException {
    String[] words = {"mount", "-o", "remount," + (readOnly ? "ro" : "rw"), text(disk())};
    for (int tries = 0; tries < 20 && !Command.works(words); tries++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    Command.run(words);
  }

  /** Takes all the room that is left on the disk. */
  void fillDisk() throws IOException {
    byte[] block = new byte[1 << 16];
    try (var filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(block);
      }
    } catch (IOException full) {
      if (disk().toFile().getUsableSpace() > block.length) {
        throw full;
      }
    }
  }

  void freeDisk() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return disk().resolve("filler");
  }

  private static String text(Path path) {
    return path.toString();
  }

  /** What {@code nsm-agent init} says when it fails; it is allowed to once, on an empty disk. */
  void initialise() {
    List<String> words = java("io.nsm.agent.Main", "init", "--config", text(config()));
    Command.run(words, "");
  }

  private List<String> java(String main, String... args) {
    List<String> words = new ArrayList<>(wires.prefix(number));
    words.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-Xms32m",
            "-Xmx160m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dnsm.ledger.snapshotEvery=100",
            "-cp",
            System.getProperty("java.class.path"),
            main));
    words.addAll(List.of(args));
    return words;
  }

  /** Starts the agent, as the init system of a host does after its start. */
  synchronized void start() {
    held = false;
    if (runs()) {
      return;
    }
    try {
      agent =
          Optional.of(
              new ProcessBuilder(java("io.nsm.agent.Main", "run", "--config", text(config())))
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                  .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts an agent that ended by itself, as {@code Restart=on-failure} does; its exit code, if
   * that was so.
   */
  synchronized Optional<Integer> startIfEnded() {
    if (held || runs() || agent.isEmpty()) {
      return Optional.empty();
    }
    int code = agent.get().exitValue();
    start();
    return Optional.of(code);
  }

  synchronized boolean runs() {
    return agent.filter(Process::isAlive).isPresent();
  }

  synchronized boolean held() {
    return held;
  }

  synchronized Optional<Long> agentPid() {
    return agent.filter(Process::isAlive).map(Process::pid);
  }

  /** SIGKILL to the agent alone; it stays down until {@link #start}. */
  synchronized void killAgent() {
    held = true;
    agent.ifPresent(process -> await(process.destroyForcibly()));
  }

  /** SIGKILL to everything that runs here, as if the power was lost. */
  synchronized void killAll() {
    held = true;
    for (int tries = 0; tries < 100; tries++) {
      List<Long> left = wires.pids(number);
      if (left.isEmpty()) {
        break;
      }
      left.forEach(Pids::kill);
    }
    agent.ifPresent(Machine::await);
  }

  /** SIGTERM to the agent, which ends its processes first. */
  synchronized void askToEnd() {
    held = true;
    agent.ifPresent(Process::destroy);
  }

  /** Waits for the agent's end; whether it came. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    Optional<Process> process = agent;
    return process.isEmpty() || process.get().waitFor(seconds, TimeUnit.SECONDS);
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<Long> pids() {
    return wires.pids(number);
  }

  /** What its agent says of the cluster, if it answers in time. */
  Optional<ClusterStatus> status() {
    if (!runs()) {
      return Optional.empty();
    }
    try {
      return Optional.of(api(ANSWER_MILLIS).status());
    } catch (AgentApi.Refused silent) {
      return Optional.empty();
    }
  }

  AgentApi api(int millis) {
    return new AgentApi(Wires.address(number) + ":" + API_PORT, disk().resolve("token"), millis);
  }

  /** The last lines its agent wrote. */
  List<String> lastWords(int count) {
    try {
      List<String> lines =
          Files.exists(log())
              ? new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList()
              : List.of();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a directory equal to another. */
  static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(to)) {
      empty(to);
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (Files.isRegularFile(file)) { // not the agent's socket
          Files.copy(
              file,
              target,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING,
              java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Removes all that is in a directory, and leaves the directory. */
  static void empty(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }
}
