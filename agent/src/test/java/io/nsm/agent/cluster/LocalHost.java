package io.nsm.agent.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A host by its directory and its address, with its agent while that runs. */
final class LocalHost {
  private static final int HTTP_PORT = 7402;

  /** The JDK of the tests themselves. */
  static final Path OWN_JAVA = Path.of(System.getProperty("java.home"));

  private static final int LAST_LINES = 40;

  private final Path directory;
  private final String name;
  private final String address;
  private final List<String> prefix;
  private final Path javaHome;
  private Optional<Process> agent = Optional.empty();

  LocalHost(Path directory, String name, String address) {
    this(directory, name, address, List.of(), OWN_JAVA);
  }

  /**
   * A host whose programs are started by another: {@code ip netns exec}.
   *
   * @param prefix that program and its arguments
   * @param javaHome the JDK that runs its agent and nsmctl
   */
  LocalHost(Path directory, String name, String address, List<String> prefix, Path javaHome) {
    this.directory = directory;
    this.prefix = prefix;
    this.javaHome = javaHome;
    this.name = name;
    this.address = address;
  }

  /** The command of a small JVM with the class path of the tests, but for the main class. */
  static List<String> jvm() {
    return jvm(OWN_JAVA);
  }

  private static List<String> jvm(Path javaHome) {
    return List.of(
        javaHome.resolve("bin/java").toString(),
        "-Xms24m",
        "-Xmx160m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"));
  }

  private List<String> java(String mainClass, List<String> args) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(jvm(javaHome));
    command.add(mainClass);
    command.addAll(args);
    return command;
  }

  void configure(String yaml) throws IOException {
    Files.createDirectories(data());
    Files.writeString(config(), yaml);
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  Path data() {
    return directory.resolve(name);
  }

  Path run() {
    return data().resolve("run");
  }

  Path config() {
    return directory.resolve(name + ".yaml");
  }

  AgentApi api() {
    return new AgentApi(address + ":" + HTTP_PORT, data().resolve("token"));
  }

  void start() {
    try {
      agent =
          Optional.of(
              new ProcessBuilder(
                      java("io.nsm.agent.Main", List.of("run", "--config", config().toString())))
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                  .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code nsm-agent init}; what it said. */
  Told init() {
    return told(java("io.nsm.agent.Main", List.of("init", "--config", config().toString())));
  }

  boolean runs() {
    return agent.filter(Process::isAlive).isPresent();
  }

  long pid() {
    return agent.orElseThrow().pid();
  }

  /** SIGKILL to the agent alone; returns when it is gone. */
  void killAgent() {
    agent.ifPresent(running -> ended(running.destroyForcibly()));
  }

  /** SIGTERM to the agent; returns at once. */
  void tellToEnd() {
    agent.orElseThrow().destroy();
  }

  /** SIGTERM to the agent, which ends its processes first; its exit code. */
  int stopAgent() {
    tellToEnd();
    return ended(agent.orElseThrow());
  }

  /** Waits for the agent's end; its exit code. */
  int ended() {
    return ended(agent.orElseThrow());
  }

  private int ended(Process process) {
    try {
      if (!process.waitFor(Await.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the agent of " + name + " does not end\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** SIGKILL to the agent and everything it launched, as if the host had lost its power. */
  void killAll() {
    killAgent();
    Await.until(
        "the end of what ran on " + name,
        () -> {
          List<Long> left = Pids.ofRuns(run());
          left.forEach(Pids::kill);
          return left.isEmpty();
        },
        () -> "left: " + Pids.ofRuns(run()));
  }

  /** What a program said, on both its outputs, and its exit code. */
  record Told(int code, String words) {}

  /** Runs nsmctl on this host, for its agent. */
  Told nsmctl(String verb, String... args) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(List.of(args));
    words.addAll(List.of("--agent", address + ":" + HTTP_PORT));
    words.addAll(List.of("--token-file", data().resolve("token").toString()));
    return told(java("io.nsm.supervisor.ctl.Main", words));
  }

  private static Told told(List<String> command) {
    try {
      Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Told(program.waitFor(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private Path logFile() {
    return directory.resolve(name + ".log");
  }

  /** The last lines of what the agent said. */
  String log() {
    try {
      List<String> lines =
          Files.exists(logFile())
              ? Files.readString(logFile(), StandardCharsets.UTF_8).lines().toList()
              : List.of();
      return "--- agent of "
          + name
          + "\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
