package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Replica;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Submits commands to the leader wherever it is, again and again until it is answered or late. */
final class Submissions {
  private static final long AGAIN = 300 * World.MILLIS;
  private static final long LATE = 3 * World.SECONDS;

  private final Cluster cluster;
  private final AgentLife life;
  private final Map<String, Consumer<Optional<Answer>>> open = new HashMap<>();
  private long count;

  Submissions(Cluster cluster, AgentLife life) {
    this.cluster = cluster;
    this.life = life;
  }

  /** Exactly one outcome follows; empty for unknown. */
  void submit(Command command, Consumer<Optional<Answer>> outcome) {
    submit(command, 0, outcome);
  }

  /** As above; a bad habit has the entry count as one of another term. */
  void submit(Command command, long claimed, Consumer<Optional<Answer>> outcome) {
    String id = life.number + "/" + ++count;
    open.put(id, outcome);
    byte[] bytes = Replica.encode(command);
    cluster.ledgerHabits.submitted(bytes, command);
    long late = cluster.world.now() + LATE;
    cluster.world.after(
        10 * World.MICROS, () -> life.mail(() -> attempt(id, claimed, bytes, late)));
  }

  private void attempt(String id, long claimed, byte[] bytes, long late) {
    if (!open.containsKey(id)) {
      return;
    }
    if (cluster.world.now() > late) {
      Optional.ofNullable(open.remove(id)).orElseThrow().accept(Optional.empty());
      return;
    }
    Host to =
        life.voter
            .leader()
            .orElseGet(() -> cluster.hosts.get(cluster.world.pick(cluster.hosts.size())));
    cluster.network.send(
        life.host, to, "submission", there -> there.voter.submitted(life.host, id, claimed, bytes));
    cluster.world.after(AGAIN, () -> life.mail(() -> attempt(id, claimed, bytes, late)));
  }

  void answered(String id, byte[] answer) {
    Optional.ofNullable(open.remove(id))
        .ifPresent(outcome -> outcome.accept(Optional.of(Replica.answered(answer).answer())));
  }
}
