package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.LeaseTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the bad habits of an agent's surroundings are done; without one, nothing changes. */
final class BadLeader {
  private final Cluster cluster;
  private final AgentLife life;
  private final Map<HostId, Message.Renewal> newest = new LinkedHashMap<>();
  private final Map<Long, Long> sentAt = new HashMap<>();
  private int saidOnce;

  BadLeader(Cluster cluster, AgentLife life) {
    this.cluster = cluster;
    this.life = life;
  }

  /** What is really sent when an agent renews. */
  Message.Renewal sent(Message.Renewal renewal) {
    if (cluster.has(Habit.ASKS_ITS_OWN_COPY)) {
      Message.Renewed own =
          answer(renewal.host(), renewal.nonce(), life.agent.state(), life.voter.applied());
      cluster.world.after(World.MILLIS, () -> life.mail(() -> life.receive(own)));
    }
    if (cluster.has(Habit.ANSWER_FROM_RECEIPT)) {
      sentAt.put(renewal.nonce(), life.host.clock());
    }
    return cluster.has(Habit.JOINS_AGAIN)
        ? new Message.Renewal(renewal.host(), renewal.nonce(), false, renewal.reports())
        : renewal;
  }

  /** A renewal came in. */
  void renewed(Message.Renewal renewal) {
    newest.put(renewal.host().id(), renewal);
    if (cluster.has(Habit.ANSWERS_WITHOUT_BARRIER) && life.voter.leads()) {
      answer(renewal, life.agent.state(), life.voter.applied());
    }
  }

  /** An entry was applied and all that follows from it was done. */
  void afterApplied(Replica.Entry entry) {
    boolean answersAll =
        cluster.has(Habit.ANSWERS_THE_EXPIRING) || cluster.has(Habit.JOINS_OLDER_BARRIER);
    if (entry.command() instanceof Command.Barrier barrier
        && answersAll
        && life.leader.term().equals(Optional.of(barrier.term()))) {
      for (Message.Renewal renewal : List.copyOf(newest.values())) {
        if (cluster.has(Habit.JOINS_OLDER_BARRIER)
            || barrier.serves().contains(renewal.host().id())) {
          answer(renewal, entry.state(), entry.index());
        }
      }
    }
  }

  private void answer(Message.Renewal renewal, LedgerState state, long index) {
    HostEntry host = renewal.host();
    if (state.host(host.id()).equals(Optional.of(host))) {
      life.send(host.name(), answer(host, renewal.nonce(), state, index));
    }
  }

  private Message.Renewed answer(HostEntry host, long nonce, LedgerState state, long index) {
    return new Message.Renewed(
        host.incarnation(),
        nonce,
        0,
        index,
        cluster.terms.ttl(),
        cluster.terms.margin(),
        state.grantsOf(host.id()));
  }

  /** Whether an append went to the leader instead of the own log. */
  boolean forwarded(Command command) {
    if (!cluster.has(Habit.FORWARDS_APPENDS) || life.voter.leads()) {
      return false;
    }
    long claimed = command instanceof Command.Barrier ? 0 : life.leader.term().orElse(0L);
    life.submissions.submit(command, claimed, outcome -> {});
    return true;
  }

  Replica.Entry asTheLeaderSees(Replica.Entry entry) {
    if (!(entry.command() instanceof Command.Barrier barrier)) {
      return entry;
    }
    boolean own = life.leader.term().equals(Optional.of(barrier.term()));
    boolean forwarded = cluster.has(Habit.FORWARDS_APPENDS) && entry.term() != barrier.term();
    if (forwarded && own) {
      return new Replica.Entry(
          entry.index(), barrier.term(), barrier, entry.answer(), entry.state());
    }
    if ((cluster.has(Habit.BARRIER_NAMES_NOBODY) || forwarded) && !own) {
      return new Replica.Entry(
          entry.index(),
          entry.term(),
          new Command.Barrier(barrier.term(), barrier.number(), List.of()),
          entry.answer(),
          entry.state());
    }
    return entry;
  }

  Replica.Change asTheAgentSees(Replica.Change change) {
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
            Optional.of(hasty),
            state.revision(),
            state.lastEpoch(),
            state.hosts(),
            state.processes(),
            state.events(),
            state.firstEvent(),
            state.requests()));
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
        answer.to(), answer.nonce(), answer.term(), answer.barrier(), ttl, answer.margin(), grants);
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

  /** Whether this word that a grant is given up gets lost, though it is said to be heard. */
  boolean saidOnce() {
    return cluster.has(Habit.SAYS_IT_ONCE) && saidOnce++ < 3;
  }
}
