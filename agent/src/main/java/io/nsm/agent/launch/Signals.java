package io.nsm.agent.launch;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends signals by name. */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final Pattern NAME = Pattern.compile("[A-Z0-9+-]{2,12}");
  private static final long LONGEST_KILL_SECONDS = 5;

  private Signals() {}

  /** Sends a signal, if this very process still runs. */
  static void send(Pid pid, String signal) {
    if (signal.equals("TERM") || signal.equals("KILL")) {
      pid.signal(signal.equals("KILL"));
    } else if (NAME.matcher(signal).matches() && pid.lives()) {
      byShell(pid, signal);
    }
  }

  /** The JDK knows TERM and KILL only; every shell has kill built in. */
  private static void byShell(Pid pid, String signal) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, "" + pid.number())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      if (!kill.waitFor(LONGEST_KILL_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        log.warn("cannot send {} to pid {}: no such signal, or it just ended", signal, pid);
      }
    } catch (IOException e) {
      log.warn("cannot send {} to pid {}: {}", signal, pid, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
