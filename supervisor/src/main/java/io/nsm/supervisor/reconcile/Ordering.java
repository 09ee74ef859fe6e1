package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.model.StateWord;
import io.nsm.supervisor.model.Turn;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which processes may be started, by what the processes that they depend on do anywhere. It
 * is about starts only: what runs goes on when something that it depends on ends.
 */
public final class Ordering {

  private Ordering() {}

  /** The turn of each process that depends on others, in order of their names. */
  public static List<Turn> decide(LedgerState state, Seen seen) {
    return state.processes().values().stream()
        .filter(process -> !process.spec().dependsOn().isEmpty())
        .sorted(Comparator.comparing(LedgerState.Process::name))
        .map(process -> turn(state, seen, process))
        .toList();
  }

  private static Turn turn(LedgerState state, Seen seen, LedgerState.Process process) {
    List<Dependency> on = process.spec().dependsOn();
    String lacking =
        on.stream()
            .filter(dependency -> !holds(state, seen, dependency))
            .map(dependency -> text(state, dependency))
            .collect(Collectors.joining(", "));
    boolean living = reports(seen, process.name()).anyMatch(Ordering::lives);
    return new Turn(
        process.name(), on, lacking.isEmpty() ? Optional.empty() : Optional.of(lacking), living);
  }

  private static String text(LedgerState state, Dependency dependency) {
    Optional<LedgerState.Process> process = state.process(dependency.process());
    if (process.isEmpty()) {
      return dependency + ", which is not declared";
    }
    return process.get().running() ? dependency.toString() : dependency + ", which is stopped";
  }

  private static boolean holds(LedgerState state, Seen seen, Dependency dependency) {
    Optional<LedgerState.Process> found = state.process(dependency.process());
    if (found.isEmpty()) {
      return false;
    }
    LedgerState.Process process = found.get();
    Stream<InstanceReport> reports = reports(seen, dependency.process());
    return switch (dependency.condition()) {
      case STARTED -> completed(process) || reports.anyMatch(Ordering::lives);
      case READY -> completed(process) || reports.anyMatch(Ordering::ready);
      case ACTIVE ->
          process
              .holder()
              .map(
                  held ->
                      reports.anyMatch(report -> report.acting().equals(Optional.of(held.epoch()))))
              .orElse(false);
      case COMPLETED -> completed(process);
    };
  }

  private static boolean completed(LedgerState.Process process) {
    return process.spec().mode() == Mode.ONE_SHOT
        && process.outcome().map(LedgerState.Outcome::success).orElse(false);
  }

  /** Of hosts that may still act: what a lost one said last counts for nothing. */
  private static Stream<InstanceReport> reports(Seen seen, ProcessName process) {
    return seen.hosts().values().stream()
        .filter(host -> !host.gone())
        .flatMap(host -> host.reports().stream())
        .filter(report -> report.instance().process().equals(process));
  }

  private static boolean lives(InstanceReport report) {
    return report.pid().isPresent();
  }

  private static boolean ready(InstanceReport report) {
    boolean there =
        report.state() == StateWord.READY
            || report.state() == StateWord.ACTIVE
            || (report.state() == StateWord.STANDBY && lives(report));
    return there && report.unready().isEmpty();
  }
}
