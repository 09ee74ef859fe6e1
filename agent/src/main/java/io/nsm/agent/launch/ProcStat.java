package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code /proc/<pid>/stat} tells about a process (proc_pid_stat(5)). */
record ProcStat(Pid pid, char state, long session) {
  /** Room for 52 fields; the ones read here are among the first 22. */
  private static final int MAX_LENGTH = 1024;

  /** Empty if there is no such process. */
  static Optional<ProcStat> read(long number) {
    byte[] buffer = new byte[MAX_LENGTH];
    int length;
    try (FileInputStream in = new FileInputStream("/proc/" + number + "/stat")) {
      length = in.read(buffer);
    } catch (IOException gone) {
      return Optional.empty(); // ENOENT at open, ESRCH at read: it ended
    }
    return length > 0
        ? Optional.of(parse(new String(buffer, 0, length, ISO_8859_1)))
        : Optional.empty();
  }

  /**
   * The name in parentheses may hold anything, also blanks and parentheses. Read without splitting:
   * at every end of a run all processes of the host are looked at.
   */
  static ProcStat parse(String line) {
    int state = line.lastIndexOf(')') + 2;
    int session = skip(line, state, 3);
    int start = skip(line, session, 16);
    return new ProcStat(
        new Pid(number(line, 0), number(line, start)), line.charAt(state), number(line, session));
  }

  /** How far this agent itself stands back, from -20 to 19. */
  static int ownNice() throws IOException {
    String line = Files.readString(Path.of("/proc/self/stat"), ISO_8859_1);
    return (int) number(line, skip(line, line.lastIndexOf(')') + 2, 16));
  }

  private static int skip(String line, int from, int fields) {
    int position = from;
    for (int i = 0; i < fields; i++) {
      position = line.indexOf(' ', position) + 1;
    }
    return position;
  }

  private static long number(String line, int from) {
    return Long.parseLong(line, from, line.indexOf(' ', from), 10);
  }

  /** Whether it still runs, or may again: it is neither a zombie nor dead. */
  boolean runs() {
    return state != 'Z' && state != 'X' && state != 'x';
  }
}
