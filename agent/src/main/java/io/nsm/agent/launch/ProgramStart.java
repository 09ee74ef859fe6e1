package io.nsm.agent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Starts programs under {@code run-parent.sh}, each in a session of its own. */
final class ProgramStart {
  /** A shell needs milliseconds; this long only on a file system that hangs. */
  private static final long LONGEST_START_SECONDS = 10;

  private static final int LONGEST_ANSWER = 4096;
  private static final String UNCHANGED = "-";
  private static final String LAUNCHED = "launched ";

  private final Path script;
  private final List<String> prefix;
  private final ScheduledExecutorService timer;

  /**
   * A program under its parent.
   *
   * @param parent must stay referred to: closing its input ends a tied run
   */
  record Started(Process parent, RunFiles.Pids pids) {}

  /** Writes the script anew: by renaming, as shells read theirs while they run. */
  ProgramStart(Path runDirectory, ScheduledExecutorService timer) throws IOException {
    Files.createDirectories(
        runDirectory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.script = runDirectory.resolve("run-parent.sh");
    this.prefix = IgnoredSignals.words();
    this.timer = timer;
    Path part = runDirectory.resolve("run-parent.sh.part");
    try (InputStream text = ProgramStart.class.getResourceAsStream("run-parent.sh")) {
      if (text == null) {
        throw new IllegalStateException("run-parent.sh is not in the jar");
      }
      Files.copy(text, part, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(part, script, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts a program; returns once its process is there. */
  Started start(RunFiles files, LaunchPlan plan) {
    List<String> words = new ArrayList<>(List.of("setsid"));
    words.addAll(prefix);
    words.addAll(List.of("sh", script.toString(), files.directory().toString()));
    words.add(plan.tied() ? "tied" : "free");
    words.add(plan.files().map(String::valueOf).orElse(UNCHANGED));
    words.add(plan.umask().orElse(UNCHANGED));
    words.addAll(plan.words());
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.directory(plan.workDirectory().toFile());
    builder.redirectInput(
        plan.tied() ? Redirect.PIPE : Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().clear();
    builder.environment().putAll(plan.environment());
    try {
      return awaitStart(builder.start());
    } catch (IOException e) {
      throw new CannotLaunchException("cannot start a process: " + e.getMessage());
    }
  }

  private Started awaitStart(Process parent) throws IOException {
    ScheduledFuture<?> tooLong =
        timer.schedule(parent::destroyForcibly, LONGEST_START_SECONDS, TimeUnit.SECONDS);
    String answer;
    try (InputStream output = parent.getInputStream()) {
      answer = answer(output);
    }
    boolean inTime = tooLong.cancel(false);
    if (answer.startsWith(LAUNCHED)) {
      return new Started(parent, RunFiles.parsePids(answer.substring(LAUNCHED.length())));
    }
    parent.destroyForcibly();
    throw new CannotLaunchException(
        inTime
            ? "the run's parent could not start it: " + answer
            : "the run's parent gave no answer for " + LONGEST_START_SECONDS + " s");
  }

  /** The line that says it went well, or else all that is said. */
  private static String answer(InputStream output) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    for (int next = output.read(); next >= 0; next = output.read()) {
      if (next == '\n' && answer.toString(UTF_8).startsWith(LAUNCHED)) {
        break;
      }
      if (answer.size() < LONGEST_ANSWER) {
        answer.write(next);
      }
    }
    return answer.toString(UTF_8).strip();
  }
}
