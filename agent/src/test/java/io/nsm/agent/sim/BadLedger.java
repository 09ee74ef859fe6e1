package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where the bad habits of the ledger are done; without one, nothing changes. */
final class BadLedger {
  private final Cluster cluster;
  private final Map<ByteBuffer, ProcessName> vacates = new HashMap<>();
  private final Map<ByteBuffer, ProcessName> words = new HashMap<>();

  BadLedger(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Something is submitted; which grant it is about may be forgotten. */
  void submitted(byte[] bytes, Command command) {
    if (cluster.has(Habit.VACATES_WHATEVER_IS_HELD) && command instanceof Command.Vacate vacate) {
      vacates.put(ByteBuffer.wrap(bytes), vacate.process());
    }
    if (cluster.has(Habit.TAKES_A_LATE_WORD) && command instanceof Command.Writes word) {
      words.put(ByteBuffer.wrap(bytes), word.process());
    }
  }

  /** What a leader makes of a submission. */
  byte[] asAppended(byte[] bytes) {
    Optional<ProcessName> writer = Optional.ofNullable(words.get(ByteBuffer.wrap(bytes)));
    if (writer.isPresent()) {
      Epoch current = cluster.truth.state().process(writer.get()).orElseThrow().grant().epoch();
      return Replica.encode(new Command.Writes(writer.get(), current));
    }
    return Optional.ofNullable(vacates.get(ByteBuffer.wrap(bytes)))
        .flatMap(cluster::holder)
        .map(
            held ->
                Replica.encode(
                    new Command.Vacate(
                        held.instance().process(), held.epoch(), held.run(), "OPERATOR", 0)))
        .orElse(bytes);
  }

  /** An entry was applied; what outlives processes may be forgotten once nothing is declared. */
  void applied(Replica replica, int index, LedgerState state) {
    if (cluster.has(Habit.COUNTS_EPOCHS_ANEW)
        && state.processes().isEmpty()
        && state.lastEpoch().isAfter(Epoch.NONE)) {
      String snapshot = new String(replica.snapshot(), StandardCharsets.UTF_8);
      String anew = snapshot.replaceAll("\"lastEpoch\":\\s*\\d+", "\"lastEpoch\":0");
      replica.restore(index, anew.getBytes(StandardCharsets.UTF_8));
    }
    if (cluster.has(Habit.FORGETS_DELETED_WRITERS)
        && state.processes().isEmpty()
        && !state.writers().isEmpty()) {
      String snapshot = new String(replica.snapshot(), StandardCharsets.UTF_8);
      String without = snapshot.replaceAll("\"writers\":\\{[^}]*}", "\"writers\":{}");
      replica.restore(index, without.getBytes(StandardCharsets.UTF_8));
    }
  }
}
