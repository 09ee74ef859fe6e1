package io.nsm.agent.sim;

import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.InstanceReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the bad habits of a leader are done; without one, nothing changes. */
final class BadLeader {
  private final Cluster cluster;
  private final AgentLife life;
  private final Map<HostId, Message.Renewal> newest = new LinkedHashMap<>();

  BadLeader(Cluster cluster, AgentLife life) {
    this.cluster = cluster;
    this.life = life;
  }

  /** What the leader takes a renewal for. */
  Message.Renewal asHeard(Message.Renewal renewal) {
    HostEntry host = renewal.host();
    String boot =
        life.agent
            .state()
            .host(host.id())
            .filter(known -> cluster.has(Habit.ADMITS_ANY_BOOT))
            .map(HostEntry::bootId)
            .orElse(host.bootId());
    boolean hears = cluster.has(Habit.ANSWERS_THE_DEAF) && renewal.answered() > 0;
    return new Message.Renewal(
        new HostEntry(
            host.id(), host.name(), host.incarnation(), boot, host.labels(), host.witness()),
        renewal.nonce(),
        hears ? renewal.nonce() - 1 : renewal.answered(),
        renewal.reports());
  }

  /** A renewal came in. */
  void renewed(Message.Renewal renewal) {
    newest.put(renewal.host().id(), renewal);
    if (cluster.has(Habit.ANSWERS_WITHOUT_BARRIER) && life.voter.leads()) {
      answer(renewal, life.agent.state(), life.voter.applied());
    }
  }

  /** An entry was applied, and what follows from it is about to be done. */
  void beforeApplied(Replica.Entry entry) {
    boolean leads = life.leader.term().isPresent() && entry.answer().effective();
    if (leads
        && cluster.has(Habit.GRANTS_WITHOUT_A_LEASE)
        && entry.command() instanceof Command.Vacate vacate) {
      Epoch epoch = vacate.epoch();
      newest.values().stream()
          .filter(renewal -> !vacate.run().launchedBy().equals(renewal.host().incarnation()))
          .flatMap(
              renewal -> renewal.reports().stream().map(report -> grant(renewal, report, epoch)))
          .flatMap(Optional::stream)
          .filter(grant -> grant.process().equals(vacate.process()))
          .findFirst()
          .ifPresent(grant -> life.voter.append(Replica.encode(grant), -1));
    }
    if (leads
        && cluster.has(Habit.STOPS_WITHOUT_WAITING)
        && entry.command() instanceof Command.SetWanted wanted
        && !wanted.running()) {
      entry
          .state()
          .process(wanted.process())
          .flatMap(LedgerState.Process::holder)
          .ifPresent(
              held ->
                  life.voter.append(
                      Replica.encode(
                          new Command.Expire(
                              wanted.process(), held.epoch(), life.leader.term().orElseThrow())),
                      -1));
    }
  }

  private static Optional<Command.Grant> grant(
      Message.Renewal renewal, InstanceReport report, Epoch replaces) {
    return report
        .run()
        .filter(run -> report.candidate())
        .map(
            run ->
                new Command.Grant(
                    report.instance().process(),
                    replaces,
                    new Command.Evidence.Vacant(),
                    report.instance(),
                    renewal.host().id(),
                    run));
  }

  /** Whether the leader does not do what it decided. */
  boolean omits(Command command) {
    return command instanceof Command.HandOver && cluster.has(Habit.WAITS_FOR_EVER);
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
      life.send(host.name(), answer(cluster, host, renewal.nonce(), state, index));
    }
  }

  /** An answer as a leader gives it that has seen to nothing. */
  static Message.Renewed answer(
      Cluster cluster, HostEntry host, long nonce, LedgerState state, long index) {
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
    boolean barrier = command instanceof Command.Barrier;
    if (!cluster.has(barrier ? Habit.FORWARDS_BARRIERS : Habit.FORWARDS_DECISIONS)
        || life.voter.leads()) {
      return false;
    }
    long claimed = barrier ? 0 : life.leader.term().orElse(0L);
    life.submissions.submit(command, claimed, outcome -> {});
    return true;
  }

  Replica.Entry asTheLeaderSees(Replica.Entry entry) {
    if (!(entry.command() instanceof Command.Barrier barrier)) {
      return entry;
    }
    boolean own = life.leader.term().equals(Optional.of(barrier.term()));
    boolean forwarded = cluster.has(Habit.FORWARDS_BARRIERS) && entry.term() != barrier.term();
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
}
