package io.nsm.agent.launch;

import io.nsm.agent.launch.RunFiles.Pids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A run whose end is not confirmed yet.
 *
 * @param parent the child of ours that is the run's parent; empty if an earlier agent started it.
 *     Held for as long as the run lives, as closing its input ends a tied run
 * @param ended set by whoever confirms the end first
 */
record LiveRun(
    Order order,
    RunFiles files,
    Pids pids,
    Session session,
    Optional<Process> parent,
    RunGroups groups,
    RunLogs logs,
    AtomicBoolean ended) {

  static LiveRun of(Order order, RunFiles files, Pids pids, Optional<Process> parent) {
    boolean leaderKnown = parent.isPresent() || pids.parent().lives();
    return new LiveRun(
        order,
        files,
        pids,
        new Session(pids.parent(), order.run(), leaderKnown),
        parent,
        files.groups(),
        new RunLogs(files.directory()),
        new AtomicBoolean());
  }

  /**
   * What still runs of it: its control group, its session, and its program even if that left both.
   */
  List<Pid> members() {
    List<Pid> members = new ArrayList<>(groups.members());
    session.members().stream()
        .map(ProcStat::pid)
        .filter(pid -> !members.contains(pid))
        .forEach(members::add);
    if (!members.contains(pids.program()) && pids.program().lives()) {
      members.add(pids.program());
    }
    return members;
  }

  /** What the parent wrote; failing that (the disk was full) what it exited with itself. */
  OptionalInt exitCode() {
    OptionalInt written = files.exitCode();
    return written.isPresent()
        ? written
        : parent.stream().filter(own -> !own.isAlive()).mapToInt(Process::exitValue).findFirst();
  }
}
