package io.nsm.supervisor.ctl;

import java.io.PrintStream;

/** Tells on stderr what is waited for: a line for each change; on a terminal, one that changes. */
final class Progress {
  private static final String REWRITE = "\r\033[K";

  private final PrintStream err;
  private final boolean terminal;
  private String last = "";

  Progress(Surroundings surroundings) {
    this.err = surroundings.err();
    this.terminal = surroundings.errIsTerminal();
  }

  /** It is still waited for. */
  void waiting(String text) {
    if (!text.equals(last)) {
      err.print(terminal ? REWRITE + text : text + System.lineSeparator());
      err.flush();
      last = text;
    }
  }

  /** It is over. */
  void done() {
    if (terminal && !last.isEmpty()) {
      err.print(REWRITE);
      err.flush();
    }
    last = "";
  }
}
