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

  BadLedger(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Something is submitted; which grant it is about may be forgotten. */
  void submitted(byte[] bytes, Command command) {
    if (cluster.has(Habit.VACATES_WHATEVER_IS_HELD) && command instanceof Command.Vacate vacate) {
      vacates.put(ByteBuffer.wrap(bytes), vacate.process());
    }
  }

  /** What a leader makes of a submission. */
  byte[] asAppended(byte[] bytes) {
    return Optional.ofNullable(vacates.get(ByteBuffer.wrap(bytes)))
        .flatMap(cluster::holder)
        .map(
            held ->
                Replica.encode(
                    new Command.Vacate(
                        held.instance().process(), held.epoch(), held.run(), "OPERATOR", 0)))
        .orElse(bytes);
  }

  /** An entry was applied; epochs may be counted anew once nothing is declared. */
  void applied(Replica replica, int index, LedgerState state) {
    if (cluster.has(Habit.COUNTS_EPOCHS_ANEW)
        && state.processes().isEmpty()
        && state.lastEpoch().isAfter(Epoch.NONE)) {
      String snapshot = new String(replica.snapshot(), StandardCharsets.UTF_8);
      String anew = snapshot.replaceAll("\"lastEpoch\":\\s*\\d+", "\"lastEpoch\":0");
      replica.restore(index, anew.getBytes(StandardCharsets.UTF_8));
    }
  }
}
