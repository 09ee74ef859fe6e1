package io.nsm.agent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Where the hosts of a measurement are: addresses of loopback, or network namespaces that the
 * script made, which can be cut off and lost as a whole.
 */
record BenchHosts(Optional<String> namespaces) {

  static BenchHosts onLoopback() {
    return new BenchHosts(Optional.empty());
  }

  boolean canBeLost() {
    return namespaces.isPresent();
  }

  String address(int host) {
    return (namespaces.isPresent() ? "10.78.0." : "127.78.0.") + host;
  }

  /** The words that run a program on a host. */
  List<String> command(int host, List<String> program) {
    List<String> words = new ArrayList<>();
    namespaces.ifPresent(
        names -> words.addAll(List.of("nsenter", "--net=/run/netns/" + names + "-h" + host)));
    words.addAll(program);
    return words;
  }

  void pull(int host) throws IOException, InterruptedException {
    cable(host, "down");
  }

  void plug(int host) throws IOException, InterruptedException {
    cable(host, "up");
  }

  private void cable(int host, String state) throws IOException, InterruptedException {
    run(List.of("ip", "link", "set", "v" + host, state));
  }

  /** SIGKILL to all that runs on a host, until nothing is left. */
  void lose(int host) throws IOException, InterruptedException {
    String name = namespaces.orElseThrow() + "-h" + host;
    for (int tries = 0; tries < 100; tries++) {
      long[] pids =
          run(List.of("ip", "netns", "pids", name)).lines().mapToLong(Long::parseLong).toArray();
      if (pids.length == 0) {
        return;
      }
      LongStream.of(pids)
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
    throw new IOException("what runs on host" + host + " does not end");
  }

  private static String run(List<String> words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + output);
    }
    return output;
  }
}
