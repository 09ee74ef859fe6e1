package io.nsm.agent.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what the groups of a run tell of its end, before they go. */
record LastLook(RunFiles files, RunGroups groups) {
  private static final Logger log = LoggerFactory.getLogger(LastLook.class);

  void take() {
    try {
      long kills = groups.outOfMemoryKills();
      if (kills > 0) {
        log.warn(
            "{}: its memory limit was reached, and the kernel killed {} of its processes",
            files.directory(),
            kills);
        files.markOutOfMemory();
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("cannot tell whether {} ran out of memory: {}", files.directory(), e.toString());
    }
    groups.removeIfEmpty();
  }
}
