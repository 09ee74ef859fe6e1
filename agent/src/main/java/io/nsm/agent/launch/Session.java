package io.nsm.agent.launch;

import io.nsm.process.link.RunEnvironment;
import io.nsm.supervisor.model.RunId;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes of one run: all that are in the session its parent leads.
 *
 * <p>While one process is in a session, the kernel gives its number to nobody else. So if this
 * agent knew the leader alive, whatever is found in the session right after is the run's. If not
 * (the leader ended while no agent was there), the number may have gone to a stranger since: then
 * only what carries the run in its environment counts.
 */
record Session(Pid leader, RunId run, boolean leaderKnown) {
  private static final String[] NONE = {};

  /** What runs in this session. Zombies do not: they have no memory, file or thread any more. */
  List<ProcStat> members() {
    boolean ours = leaderKnown || leader.lives();
    List<ProcStat> members = new ArrayList<>();
    for (long number : numbers()) {
      ProcStat.read(number)
          .filter(stat -> stat.session() == leader.number() && stat.runs())
          .filter(stat -> ours || carries(number, run.toString()))
          .ifPresent(members::add);
    }
    return members;
  }

  /** All processes, of any session, that carry a run in their environment. */
  static List<Pid> carrying(String run) {
    return numbers().stream()
        .filter(number -> carries(number, run))
        .flatMap(number -> ProcStat.read(number).stream())
        .filter(ProcStat::runs)
        .map(ProcStat::pid)
        .toList();
  }

  private static boolean carries(long number, String run) {
    try {
      String environment =
          Files.readString(Path.of("/proc/" + number + "/environ"), StandardCharsets.ISO_8859_1);
      return List.of(environment.split("\0")).contains(RunEnvironment.RUN + "=" + run);
    } catch (IOException goneOrForeign) {
      return false; // what cannot be read belongs to another user, or ended
    }
  }

  private static List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    for (String entry : Optional.ofNullable(new File("/proc").list()).orElseGet(() -> NONE)) {
      if (Character.isDigit(entry.charAt(0))) {
        numbers.add(Long.parseLong(entry));
      }
    }
    return numbers;
  }
}
