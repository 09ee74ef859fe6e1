package io.nsm.supervisor.control;

import io.nsm.supervisor.lease.Bounds;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.Turn;
import io.nsm.supervisor.reconcile.Ordering;
import io.nsm.supervisor.reconcile.Reconciler;
import io.nsm.supervisor.reconcile.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A ledger member's part in deciding. Every member keeps the bounds of all hosts; the one that
 * leads answers renewals and proposes. Not thread-safe: one loop owns it, and checks of a bound,
 * the start of a proposal and the release of answers all happen there (decision 9, rule 3).
 */
public final class Leader {

  /** What the leader can do. */
  public interface Ports {
    /**
     * Appends to this member's own log; {@link #rejected} or {@link #unknown} follow if it fails,
     * the applied entry if not.
     */
    void append(Command command, long ticket);

    void send(HostName to, Message message);

    /** Wall time in milliseconds since 1970, for people. */
    long wallMillis();
  }

  private static final long SHUN_NANOS = 60_000_000_000L;

  private final String cluster;
  private final LeaseTerms configured;
  private final double clockError;
  private final Ports ports;
  private final Promotions promotions = new Promotions();

  private LedgerState state = LedgerState.EMPTY;
  private Optional<Bounds> bounds = Optional.empty();
  private Optional<Term> leading = Optional.empty();
  private long tickets;

  /** What a member knows only as long as it leads in one term. */
  private static final class Term {
    final long number;
    final Map<HostId, Message.Renewal> waiting = new LinkedHashMap<>();
    Optional<Round> round = Optional.empty();
    final Map<String, Proposal> proposals = new HashMap<>();
    final Map<HostId, Long> answeredAt = new HashMap<>();
    final Map<HostId, Hearing> hearing = new HashMap<>();
    final Map<HostId, Reported> reported = new HashMap<>();
    final Map<InstanceId, Long> shunnedUntil = new HashMap<>();
    final Map<ProcessName, Seen.GivenUp> givenUp = new HashMap<>();
    List<Turn> turns = List.of();

    Term(long number) {
      this.number = number;
    }
  }

  /** A barrier under way and the renewals that came in before it was proposed. */
  private record Round(Command.Barrier barrier, long ticket, List<Message.Renewal> renewals) {}

  /**
   * An entry under way.
   *
   * @param ends the host whose time is said to be over; it is not answered meanwhile
   */
  private record Proposal(Command command, long ticket, Optional<HostId> ends) {}

  /**
   * Whether a host hears the leader: how often it was answered since it last said that an answer
   * came in.
   */
  private record Hearing(Incarnation incarnation, long answered, int since) {
    static Hearing of(Message.Renewal renewal) {
      return new Hearing(renewal.host().incarnation(), renewal.answered(), 0);
    }

    Hearing then(Hearing next) {
      boolean heard = !next.incarnation.equals(incarnation) || next.answered > answered;
      return heard ? next : this;
    }

    Hearing answeredAgain() {
      return new Hearing(incarnation, answered, since + 1);
    }
  }

  private record Reported(long number, Message.Report report) {}

  public Leader(String cluster, LeaseTerms configured, double clockError, Ports ports) {
    this.cluster = cluster;
    this.configured = configured;
    this.clockError = clockError;
    this.ports = ports;
  }

  /** This member's copy was replaced by a snapshot. */
  public void replaced(Replica.Replaced change, long now) {
    state = change.state();
    bounds = state.lease().map(lease -> Bounds.begin(now, lease.bound(clockError)));
  }

  /** This member applied an entry. */
  public void applied(Replica.Entry entry, long now) {
    state = entry.state();
    if (bounds.isEmpty()) {
      bounds = state.lease().map(lease -> Bounds.begin(now, lease.bound(clockError)));
    }
    if (entry.command() instanceof Command.Barrier barrier) {
      bounds = bounds.map(b -> b.served(barrier.serves(), now));
    }
    leading.ifPresent(
        term -> {
          if (entry.term() == term.number) {
            term.proposals.values().removeIf(p -> p.command().equals(entry.command()));
          }
          if (entry.command() instanceof Command.Barrier) {
            release(term, entry, now);
          }
          promotions.applied(entry, now);
          if (entry.command() instanceof Command.Grant grant && entry.answer().effective()) {
            notice(grant);
          }
          decide(term, now);
        });
  }

  /** This member leads, and has applied the first entry of its term. */
  public void leading(long number, long now) {
    leading = Optional.of(new Term(number));
    promotions.begin(state, now);
    decide(leading.get(), now);
  }

  /** This member does not lead. What it had under way may still be applied; it answers nobody. */
  public void following() {
    leading = Optional.empty();
  }

  /** The term in which this member leads, if it does. */
  public Optional<Long> term() {
    return leading.map(term -> term.number);
  }

  public void receive(Message.Renewal renewal, long now) {
    leading.ifPresent(
        term -> {
          Optional<HostEntry> known = state.host(renewal.host().id());
          if (known.equals(Optional.of(renewal.host()))) {
            term.waiting.put(renewal.host().id(), renewal);
            term.hearing.merge(renewal.host().id(), Hearing.of(renewal), Hearing::then);
            Message.Report report =
                new Message.Report(
                    renewal.host().id(),
                    renewal.host().incarnation(),
                    renewal.nonce(),
                    renewal.reports());
            keep(term, report, now);
          } else {
            admit(term, renewal, known, now);
          }
          decide(term, now);
        });
  }

  public void receive(Message.Report report, long now) {
    leading.ifPresent(
        term -> {
          keep(term, report, now);
          decide(term, now);
        });
  }

  /** An agent gave up a grant: what follows it may be decided in the same entry. */
  public void receive(Message.GaveUp gaveUp, long now) {
    leading.ifPresent(
        term -> {
          boolean current =
              state
                  .process(gaveUp.process())
                  .flatMap(LedgerState.Process::holder)
                  .filter(held -> held.epoch().equals(gaveUp.epoch()))
                  .filter(held -> held.run().equals(gaveUp.run()))
                  .isPresent();
          if (current) {
            term.givenUp.put(
                gaveUp.process(),
                new Seen.GivenUp(
                    gaveUp.epoch(),
                    new Command.Evidence.GivenUp(
                        gaveUp.run(), gaveUp.why(), gaveUp.noticedMicros())));
            promotions.gaveUp(gaveUp, now);
            decide(term, now);
          }
        });
  }

  /**
   * Forgets what hosts said that cannot be reached: what comes back may be another agent. A hint,
   * as every view is: it takes away candidates, and ends no grant.
   */
  public void reachable(Set<HostName> hosts) {
    leading.ifPresent(
        term ->
            term.reported
                .keySet()
                .removeIf(
                    id -> state.host(id).map(host -> !hosts.contains(host.name())).orElse(true)));
  }

  private void keep(Term term, Message.Report report, long now) {
    boolean current =
        state
            .host(report.host())
            .map(host -> host.incarnation().equals(report.incarnation()))
            .orElse(false);
    Reported before = term.reported.get(report.host());
    boolean newer =
        before == null
            || !before.report().incarnation().equals(report.incarnation())
            || report.number() > before.number();
    if (current && newer) {
      term.reported.put(report.host(), new Reported(report.number(), report));
      promotions
          .reported(report, state, ports.wallMillis(), now)
          .forEach(
              event -> propose(term, "note:" + event, new Command.Note(event), Optional.empty()));
    }
  }

  /**
   * Admits an agent: at once if it runs in the same boot of the same host, as only one can hold the
   * data directory there; else when the one it replaces cannot act any more. One that was admitted
   * before and is not the newest any more has a copy of the other's data directory: two would
   * supersede each other for ever.
   */
  private void admit(Term term, Message.Renewal renewal, Optional<HostEntry> known, long now) {
    if (bounds.isEmpty()) {
      return;
    }
    HostEntry host = renewal.host();
    Optional<HostEntry> namesake =
        state.host(host.name()).filter(other -> !other.id().equals(host.id()));
    Optional<HostEntry> inTheWay =
        namesake.or(
            () ->
                known.filter(
                    other -> renewal.answered() > 0 || !other.bootId().equals(host.bootId())));
    if (inTheWay.isPresent() && !bounds.get().passed(inTheWay.get().id(), now)) {
      ports.send(
          host.name(),
          new Message.TurnedAway(
              host.incarnation(), renewal.nonce(), inTheWayOf(host, inTheWay.get())));
      return;
    }
    Command join =
        new Command.Join(
            host, known.map(HostEntry::incarnation), namesake.map(HostEntry::id), term.number);
    propose(
        term,
        "join:" + host.name(),
        join,
        Optional.of(inTheWay.map(HostEntry::id).orElse(host.id())));
  }

  private static String inTheWayOf(HostEntry host, HostEntry other) {
    if (other.id().equals(host.id()) && other.bootId().equals(host.bootId())) {
      return "another agent with a copy of this data directory (host id %s) was admitted after this one; end one of the two, and give each host a data directory of its own"
          .formatted(other.id());
    }
    return "the name %s belongs to another host (id %s, boot %s) that may still act; if it is gone for good, this agent is admitted by itself when its lease is over"
        .formatted(host.name(), other.id(), other.bootId());
  }

  /** The log took an entry that it will never apply. */
  public void rejected(long ticket, long now) {
    leading.ifPresent(
        term -> {
          term.proposals.values().removeIf(proposal -> proposal.ticket() == ticket);
          term.round = term.round.filter(round -> round.ticket() != ticket);
        });
  }

  /**
   * It is not known whether an entry will be applied. A host whose time it says is over stays
   * unanswered until that is known or the term ends; anything else is decided anew.
   */
  public void unknown(long ticket, long now) {
    leading.ifPresent(
        term -> {
          term.proposals
              .values()
              .removeIf(proposal -> proposal.ticket() == ticket && proposal.ends().isEmpty());
          term.round = term.round.filter(round -> round.ticket() != ticket);
        });
  }

  public void tick(long now) {
    leading.ifPresent(term -> decide(term, now));
  }

  private void decide(Term term, long now) {
    if (state.cluster().isEmpty()) {
      propose(term, "configure", new Command.Configure(cluster, configured), Optional.empty());
      return;
    }
    if (bounds.isEmpty()) {
      return;
    }
    promotions.overdue(state, now).forEach(late -> term.shunnedUntil.put(late, now + SHUN_NANOS));
    Seen seen = seen(term, now);
    for (Command command : Reconciler.decide(state, seen)) {
      propose(term, key(command), command, ends(command));
    }
    tellTurns(term, Ordering.decide(state, seen));
    startRound(term);
  }

  /** Every agent hears at once when it is another process' turn; what is lost is said again. */
  private void tellTurns(Term term, List<Turn> turns) {
    if (!turns.equals(term.turns)) {
      term.turns = turns;
      Message message = new Message.Turns(term.number, turns);
      state.hosts().values().forEach(host -> ports.send(host.name(), message));
    }
  }

  /**
   * One entry of a kind about one thing at a time: the next one is decided on what the last one
   * left.
   */
  private static String key(Command command) {
    if (command instanceof Command.Place place) {
      return "place:" + place.instance();
    }
    if (command instanceof Command.Grant grant) {
      return "grant:" + grant.process();
    }
    if (command instanceof Command.Expire expire) {
      return "grant:" + expire.process();
    }
    if (command instanceof Command.Vacate vacate) {
      return "grant:" + vacate.process();
    }
    if (command instanceof Command.HandOver handOver) {
      return "hand-over:" + handOver.process();
    }
    return command.toString();
  }

  private Optional<HostId> ends(Command command) {
    if (command instanceof Command.Grant grant
        && grant.evidence() instanceof Command.Evidence.Expired) {
      return holder(grant.process());
    }
    return command instanceof Command.Expire expire ? holder(expire.process()) : Optional.empty();
  }

  private Optional<HostId> holder(ProcessName process) {
    return state.process(process).flatMap(LedgerState.Process::holder).map(Grant.Held::host);
  }

  private void propose(Term term, String key, Command command, Optional<HostId> ends) {
    if (!term.proposals.containsKey(key)) {
      long ticket = ++tickets;
      term.proposals.put(key, new Proposal(command, ticket, ends));
      ports.append(command, ticket);
      if (command instanceof Command.Grant grant
          && state.writes(grant.process())
          && !(grant.evidence() instanceof Command.Evidence.Expired)) {
        state
            .host(grant.host())
            .ifPresent(
                host ->
                    ports.send(host.name(), new Message.Coming(grant.process(), grant.replaces())));
      }
    }
  }

  /** Renewals that come in from now on wait for the barrier after this one. */
  private void startRound(Term term) {
    if (term.round.isPresent() || term.waiting.isEmpty()) {
      return;
    }
    List<Message.Renewal> renewals = List.copyOf(term.waiting.values());
    term.waiting.clear();
    long ticket = ++tickets;
    Command.Barrier barrier =
        new Command.Barrier(
            term.number,
            ticket,
            renewals.stream()
                .map(renewal -> renewal.host().id())
                .filter(host -> hears(term, host))
                .toList());
    term.round = Optional.of(new Round(barrier, ticket, renewals));
    ports.append(barrier, ticket);
  }

  /**
   * Whether a host had an answer in the time of a lease. One that is heard and hears nothing could
   * else hold for ever what it never learns of: it is answered without a lease until it hears.
   */
  private boolean hears(Term term, HostId host) {
    LeaseTerms lease = state.lease().orElseThrow();
    Hearing hearing = term.hearing.get(host);
    return hearing == null || hearing.since() <= lease.ttl().dividedBy(lease.renew());
  }

  /** The barrier is applied: answer the renewals that came in before it was proposed. */
  private void release(Term term, Replica.Entry entry, long now) {
    Optional<Round> round =
        term.round.filter(r -> r.barrier().equals(entry.command()) && entry.term() == term.number);
    if (round.isEmpty()) {
      return;
    }
    term.round = Optional.empty();
    LeaseTerms lease = state.lease().orElseThrow();
    for (Message.Renewal renewal : round.get().renewals()) {
      HostEntry host = renewal.host();
      boolean current = state.host(host.id()).equals(Optional.of(host));
      if (!current || expiring(term).contains(host.id())) {
        continue;
      }
      term.hearing.computeIfPresent(host.id(), (id, hearing) -> hearing.answeredAgain());
      boolean leased = round.get().barrier().serves().contains(host.id());
      if (leased) {
        term.answeredAt.put(host.id(), now);
        promotions.heard(host.id(), now);
      }
      ports.send(
          host.name(),
          new Message.Renewed(
              host.incarnation(),
              renewal.nonce(),
              term.number,
              entry.index(),
              leased ? lease.ttl() : Duration.ZERO,
              lease.margin(),
              state.grantsOf(host.id()),
              term.turns));
    }
  }

  private static Set<HostId> expiring(Term term) {
    Set<HostId> hosts = new HashSet<>();
    term.proposals.values().forEach(proposal -> proposal.ends().ifPresent(hosts::add));
    return hosts;
  }

  private void notice(Command.Grant grant) {
    LedgerState.Process process = state.processes().get(grant.process());
    if (process == null) {
      return;
    }
    process
        .holder()
        .ifPresent(
            held ->
                state
                    .host(held.host())
                    .ifPresent(
                        host ->
                            ports.send(
                                host.name(),
                                new Message.Notice(
                                    held,
                                    grant.replaces(),
                                    process.checkpoint(),
                                    process.inline(),
                                    state.writes(process.name())))));
  }

  private Seen seen(Term term, long now) {
    long fresh = 2 * state.lease().orElseThrow().renew().toNanos();
    Map<HostId, Seen.Host> hosts = new HashMap<>();
    Set<HostId> all = new HashSet<>(state.hosts().keySet());
    for (LedgerState.Process process : state.processes().values()) {
      process.holder().ifPresent(held -> all.add(held.host()));
      all.addAll(process.placements().values());
    }
    for (HostId id : all) {
      Long answered = term.answeredAt.get(id);
      Reported reported = term.reported.get(id);
      hosts.put(
          id,
          new Seen.Host(
              answered != null && now - answered <= fresh,
              bounds.orElseThrow().passed(id, now),
              reported == null ? List.of() : reported.report().reports()));
    }
    Set<InstanceId> shunned = new HashSet<>();
    term.shunnedUntil.values().removeIf(until -> now - until > 0);
    shunned.addAll(term.shunnedUntil.keySet());
    term.givenUp
        .entrySet()
        .removeIf(
            said ->
                !state
                    .process(said.getKey())
                    .flatMap(LedgerState.Process::holder)
                    .map(Grant.Held::epoch)
                    .equals(Optional.of(said.getValue().epoch())));
    Set<ProcessName> overdue = new HashSet<>();
    promotions.overdue(state, now).forEach(instance -> overdue.add(instance.process()));
    return new Seen(term.number, hosts, overdue, shunned, term.givenUp);
  }

  /** What this leader sees, for people; empty while it does not lead. */
  public Optional<Seen> view(long now) {
    return leading.filter(term -> bounds.isPresent()).map(term -> seen(term, now));
  }

  /** Which renewals are waiting, for tests of the guard. */
  List<HostId> waiting() {
    return leading
        .map(term -> (List<HostId>) new ArrayList<>(term.waiting.keySet()))
        .orElse(List.of());
  }
}
