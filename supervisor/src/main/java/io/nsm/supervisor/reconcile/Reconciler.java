package io.nsm.supervisor.reconcile;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Compares what is wanted with what is seen. Level-triggered: the same question gets the same
 * answer however often it is asked, and nothing is remembered between two.
 */
public final class Reconciler {

  private Reconciler() {}

  /** The entries that would bring the cluster nearer to what is wanted, in order of urgency. */
  public static List<Command> decide(LedgerState state, Seen seen) {
    List<Command> commands = new ArrayList<>();
    List<LedgerState.Process> processes =
        state.processes().values().stream()
            .sorted(Comparator.comparing(LedgerState.Process::name))
            .toList();
    for (LedgerState.Process process : processes) {
      Promotion.decide(state, seen, process).ifPresent(commands::add);
    }
    for (LedgerState.Process process : processes) {
      commands.addAll(Placing.decide(state, seen, process));
    }
    return commands;
  }
}
