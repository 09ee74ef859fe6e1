package io.nsm.agent.doctor;

import io.nsm.supervisor.api.DoctorReport.Check;
import io.nsm.supervisor.api.DoctorReport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the host itself. Reads files: not for the thread that owns the state.
 *
 * @param java the java program that processes are started with
 * @param path where programs are searched, as in the variable PATH
 * @param uptime Linux's clock since boot, {@code /proc/uptime}
 */
public record HostChecks(
    Path dataDirectory, Path runDirectory, Path java, String path, Path uptime) {
  /** Below it logs and the ledger may soon have no room. */
  private static final long SCARCE_BYTES = 512L << 20;

  /** The checks of this host, with its own PATH and clock. */
  public static HostChecks ofThisHost(Path dataDirectory, Path runDirectory, Path java) {
    return new HostChecks(
        dataDirectory,
        runDirectory,
        java,
        Optional.ofNullable(System.getenv("PATH")).orElse(""),
        Path.of("/proc/uptime"));
  }

  /** The checks {@code clock}, {@code data}, {@code run}, {@code java} and {@code setsid}. */
  public List<Check> all() {
    return List.of(
        clock(),
        directory("data", dataDirectory),
        directory("run", runDirectory),
        javaProgram(),
        program("setsid", "no run can be started in a session of its own", "install util-linux"));
  }

  private Check clock() {
    return Files.isReadable(uptime)
        ? ok("clock", "monotonic, and boot clock from " + uptime)
        : new Check(
            "clock",
            Verdict.FAIL,
            uptime + " cannot be read: a lease would not end while the host is suspended",
            Optional.of("run on Linux with /proc mounted"));
  }

  private static Check directory(String name, Path directory) {
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      return new Check(
          name,
          Verdict.FAIL,
          directory + " is no directory that the agent may write to",
          Optional.of("create it, owned by the agent's user, or configure another"));
    }
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      String text = directory + ", " + (free >> 20) + " MiB free";
      return free < SCARCE_BYTES
          ? new Check(name, Verdict.WARN, text, Optional.of("make room, or move it"))
          : ok(name, text);
    } catch (IOException unreadable) {
      return new Check(
          name,
          Verdict.WARN,
          directory + ": its free space is not known: " + unreadable.getMessage(),
          Optional.of("check the file system"));
    }
  }

  private Check javaProgram() {
    return Files.isExecutable(java)
        ? ok("java", java.toString())
        : new Check(
            "java",
            Verdict.FAIL,
            java + " is no program: no JVM can be started",
            Optional.of("install a JDK 17 or newer, or configure where it is"));
  }

  private Check program(String name, String consequence, String advice) {
    return Arrays.stream(path.split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(found -> ok(name, found.toString()))
        .orElseGet(
            () ->
                new Check(
                    name, Verdict.FAIL, "not on the PATH: " + consequence, Optional.of(advice)));
  }

  private static Check ok(String name, String text) {
    return new Check(name, Verdict.OK, text, Optional.empty());
  }
}
