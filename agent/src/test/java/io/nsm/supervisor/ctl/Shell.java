package io.nsm.supervisor.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.agent.http.AgentToken;
import io.nsm.agent.http.FakeCluster;
import io.nsm.agent.http.HttpApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nsmctl in this JVM, with a real HTTP API over a cluster in memory. */
final class Shell implements AutoCloseable {
  final FakeCluster cluster = new FakeCluster();
  final Path directory;
  final Map<String, String> environment = new HashMap<>();
  private final HttpApi api;
  private Optional<String> answer = Optional.empty();
  private boolean terminal;

  Shell(Path directory) throws IOException {
    this.directory = directory;
    Path data = Files.createDirectories(directory.resolve("nsm-data"));
    api =
        new HttpApi(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            AgentToken.in(data),
            cluster,
            Duration.ofMillis(500));
    environment.put("NSM_ADDR", address());
  }

  /** What a run left behind. */
  record Result(int code, String out, String err) {}

  String address() {
    return "127.0.0.1:" + api.address().getPort();
  }

  /** Somebody sits at a terminal and answers so. */
  void answering(String text) {
    answer = Optional.of(text);
  }

  /** The output is looked at. */
  void atTerminal() {
    terminal = true;
  }

  Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            directory,
            terminal,
            terminal,
            () -> answer,
            List.of(directory.resolve("nsm-data/token"), directory.resolve("nowhere/token")));
    int code = new Nsmctl(surroundings).run(args);
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  @Override
  public void close() {
    api.close();
  }
}
