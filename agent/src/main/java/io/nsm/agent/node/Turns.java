package io.nsm.agent.node;

import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Dependency;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.Turn;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an agent knows of the order of processes, from its leader. Not knowing holds back starts; it
 * never holds back a stop.
 */
final class Turns {
  /** How long over its own time to stop a dependent is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<ProcessName, Long> staying = new HashMap<>();
  private Map<ProcessName, Turn> turns = Map.of();

  void hear(List<Turn> heard) {
    turns = heard.stream().collect(Collectors.toUnmodifiableMap(Turn::process, turn -> turn));
  }

  /** What must be there before an instance of the process is started. */
  Optional<String> waitsFor(ProcessSpec spec) {
    if (spec.dependsOn().isEmpty()) {
      return Optional.empty();
    }
    Optional<Turn> turn =
        Optional.ofNullable(turns.get(spec.name())).filter(it -> it.on().equals(spec.dependsOn()));
    if (turn.isPresent()) {
      return turn.get().waitsFor();
    }
    return Optional.of(
        spec.dependsOn().stream().map(Dependency::toString).collect(Collectors.joining(", "))
            + ", of which no leader told yet");
  }

  /**
   * For which dependent a process that is to stop stays a while longer: one that is to stop as
   * well, and still runs.
   *
   * @param local the processes of which a run lives on this host
   * @param draining whether all of this host is to stop
   */
  Optional<ProcessName> staysFor(
      LedgerState state,
      LedgerState.Process process,
      Set<ProcessName> local,
      boolean draining,
      long now) {
    for (LedgerState.Process other : state.processes().values()) {
      boolean depends =
          other.spec().dependsOn().stream().anyMatch(on -> on.process().equals(process.name()));
      if (!depends || other.name().equals(process.name())) {
        continue;
      }
      boolean runs =
          draining
              ? local.contains(other.name())
              : !other.running()
                  && Optional.ofNullable(turns.get(other.name())).map(Turn::living).orElse(false);
      if (runs && now - staying.computeIfAbsent(process.name(), name -> now) < longest(other)) {
        return Optional.of(other.name());
      }
    }
    return Optional.empty();
  }

  /** The process is to run, so that its next stop is another one. */
  void wanted(ProcessName process) {
    staying.remove(process);
  }

  private static long longest(LedgerState.Process dependent) {
    return dependent.spec().stop().timeout().plus(PATIENCE).toNanos();
  }
}
