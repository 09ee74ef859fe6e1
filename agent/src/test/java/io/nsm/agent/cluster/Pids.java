package io.nsm.agent.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Signals to programs, by numbers that are checked to be still theirs. */
public final class Pids {
  private Pids() {}

  public static boolean lives(long pid) {
    return startedAt(pid) >= 0;
  }

  public static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Lets a stopped program go on, if nobody killed it meanwhile. */
  public static void continueIfThere(long pid) {
    if (lives(pid)) {
      signal(pid, "CONT");
    }
  }

  /** Sends a signal that Java cannot: {@code STOP}, {@code CONT}. */
  public static void signal(long pid, String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("no signal " + name + " to " + pid);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** The living programs, and their parents, of all runs below an agent's run directory. */
  public static List<Long> ofRuns(Path runDirectory) {
    List<Long> pids = new ArrayList<>();
    if (!Files.isDirectory(runDirectory)) {
      return pids;
    }
    try (Stream<Path> files = Files.walk(runDirectory)) {
      for (Path file : files.filter(path -> path.endsWith("pid")).toList()) {
        String[] words = Files.readString(file).strip().split(" ");
        for (int i = 0; i + 1 < words.length; i += 2) {
          long pid = Long.parseLong(words[i]);
          if (startedAt(pid) == Long.parseLong(words[i + 1])) {
            pids.add(pid);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  /**
   * Field 22 of {@code /proc/PID/stat}; -1 if there is no such program or it only waits to be
   * reaped, which nobody may do for seconds.
   */
  private static long startedAt(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") ? -1 : Long.parseLong(fields[19]);
    } catch (IOException gone) {
      return -1;
    }
  }
}
