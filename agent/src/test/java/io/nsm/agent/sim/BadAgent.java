package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.model.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the bad habits around an agent are done; without one, nothing changes. */
final class BadAgent {
  private final Cluster cluster;
  private final AgentLife life;
  private final Map<Long, Long> sentAt = new HashMap<>();
  private int saidOnce;

  BadAgent(Cluster cluster, AgentLife life) {
    this.cluster = cluster;
    this.life = life;
  }

  /** What is really sent when an agent renews. */
  Message.Renewal sent(Message.Renewal renewal) {
    if (cluster.has(Habit.ASKS_ITS_OWN_COPY)) {
      Message.Renewed own =
          BadLeader.answer(
              cluster, renewal.host(), renewal.nonce(), life.agent.state(), life.voter.applied());
      cluster.world.after(World.MILLIS, () -> life.mail(() -> life.receive(own)));
    }
    if (cluster.has(Habit.ANSWER_FROM_RECEIPT)) {
      sentAt.put(renewal.nonce(), life.host.clock());
    }
    return cluster.has(Habit.JOINS_AGAIN)
        ? new Message.Renewal(renewal.host(), renewal.nonce(), 0, renewal.reports())
        : renewal;
  }

  Message.Renewed asReceived(Message.Renewed answer) {
    Duration ttl = answer.ttl();
    List<Grant.Held> grants = new ArrayList<>(answer.grants());
    Long sent = sentAt.remove(answer.nonce());
    if (sent != null) {
      ttl = ttl.plusNanos(life.host.clock() - sent);
    }
    if (cluster.has(Habit.LIST_OF_EVERYTHING)) {
      cluster.truth.everyGrantOf(life.host.id).stream()
          .filter(grant -> !grants.contains(grant))
          .forEach(grants::add);
    }
    if (cluster.has(Habit.VACATES_THE_UNSEEN)) {
      grants.stream().filter(this::unseen).forEach(this::vacate);
    }
    return new Message.Renewed(
        answer.to(),
        answer.nonce(),
        answer.term(),
        answer.barrier(),
        ttl,
        answer.margin(),
        grants,
        asHeard(answer.turns()));
  }

  /** To one that does not wait, it is always everybody's turn. */
  List<Turn> asHeard(List<Turn> turns) {
    return cluster.has(Habit.STARTS_OUT_OF_TURN)
        ? turns.stream()
            .map(t -> new Turn(t.process(), t.on(), Optional.empty(), t.living()))
            .toList()
        : turns;
  }

  private boolean unseen(Grant.Held grant) {
    return !grant.run().launchedBy().equals(life.self.incarnation())
        && !life.host.runs.containsKey(grant.run());
  }

  private void vacate(Grant.Held grant) {
    life.submissions.submit(
        new Command.Vacate(grant.instance().process(), grant.epoch(), grant.run(), "RUN_GONE", 0),
        outcome -> {});
  }

  Replica.Change asItSees(Replica.Change change) {
    if (!cluster.has(Habit.LAPSE_WITHOUT_MARGIN) || change.state().lease().isEmpty()) {
      return change;
    }
    LeaseTerms terms = change.state().lease().get();
    LedgerState state = change.state();
    LeaseTerms hasty = new LeaseTerms("hasty", terms.ttl(), terms.renew(), Duration.ofMillis(250));
    return new Replica.Replaced(
        change.index(),
        new LedgerState(
            state.cluster(),
            java.util.Optional.of(hasty),
            state.revision(),
            state.lastEpoch(),
            state.writers(),
            state.hosts(),
            state.processes(),
            state.events(),
            state.firstEvent(),
            state.requests()));
  }

  /** Whether the leader is not told that a grant of this run is given up. */
  boolean keepsToItself(RunId run) {
    return cluster.has(Habit.SAYS_IT_ONCE) || anothers(run);
  }

  /** Whether this word that a grant is given up gets lost, though it is said to be heard. */
  boolean isSilentOn(RunId run) {
    return anothers(run) || (cluster.has(Habit.SAYS_IT_ONCE) && saidOnce++ < 3);
  }

  private boolean anothers(RunId run) {
    return cluster.has(Habit.SPEAKS_FOR_ITS_OWN_RUNS)
        && !run.launchedBy().equals(life.self.incarnation());
  }

  /** What an agent submits; a save without a fence is stamped with whatever epoch is current. */
  Command submitted(Command command) {
    if (command instanceof Command.Save save && cluster.has(Habit.SAVES_UNDER_ANY_EPOCH)) {
      return new Command.Save(
          save.process(),
          life.agent.state().process(save.process()).orElseThrow().grant().epoch(),
          save.sequence() + 1000,
          save.digest(),
          save.size(),
          save.inline(),
          save.atMillis());
    }
    return command;
  }
}
