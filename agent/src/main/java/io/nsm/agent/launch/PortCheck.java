package io.nsm.agent.launch;

import io.nsm.supervisor.config.HostFacts;
import io.nsm.supervisor.model.ProcessSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the ports a process declares are free on this host. */
final class PortCheck {
  private static final String LISTENING = "0A"; // proc_pid_net(5), TCP_LISTEN
  private static final Pattern WILDCARD = Pattern.compile("0+:.*");

  private PortCheck() {}

  /** Throws with the port, its key and, if that can be seen, who has it. */
  static void requireFree(ProcessSpec spec, HostFacts facts) {
    for (Map.Entry<String, Integer> port : new TreeMap<>(spec.ports()).entrySet()) {
      if (!free(port.getValue())) {
        throw new CannotLaunchException(
            "processes."
                + spec.name()
                + ".ports."
                + port.getKey()
                + ": port "
                + port.getValue()
                + " on host "
                + facts.name()
                + " is taken"
                + owner(port.getValue()).map(who -> " by " + who).orElse(""));
      }
    }
  }

  /**
   * Whether nobody listens on every address of this host. A listener on one address is no hindrance
   * to a program that listens on another; to which one it binds, only the program knows.
   */
  private static boolean free(int port) {
    return listeners(port).noneMatch(fields -> WILDCARD.matcher(fields[1]).matches());
  }

  private static Optional<String> owner(int port) {
    List<String> sockets = listeners(port).map(fields -> "socket:[" + fields[9] + "]").toList();
    return ProcessHandle.allProcesses()
        .filter(process -> holdsOne(process.pid(), sockets))
        .map(process -> "pid " + process.pid() + command(process))
        .findFirst();
  }

  /** The listening sockets of a port, each as the fields of its line in proc_pid_net(5). */
  private static Stream<String[]> listeners(int port) {
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(table -> lines(Path.of(table)).stream())
        .map(line -> line.trim().split("\\s+"))
        .filter(fields -> fields.length > 9 && fields[3].equals(LISTENING))
        .filter(fields -> fields[1].endsWith(":%04X".formatted(port)));
  }

  private static String command(ProcessHandle process) {
    return process.info().command().map(command -> " (" + command + ")").orElse("");
  }

  private static boolean holdsOne(long pid, List<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException goneOrForeign) {
      return false; // not ours to look into: then the message names nobody
    }
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table);
    } catch (IOException noSuchFamily) {
      return List.of();
    }
  }
}
