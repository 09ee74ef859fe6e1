package io.nsm.agent.node;

import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Goal;
import io.nsm.agent.lifecycle.Instance;
import io.nsm.agent.lifecycle.Lifecycle;
import io.nsm.agent.lifecycle.Order;
import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.lease.HostLease;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one agent decides. It acts on grants only under {@link HostLease#covers}; its own copy of
 * the ledger tells it what is wanted, never who may act. Not thread-safe: one loop owns it.
 */
public final class HostAgent {

  /** What the agent can do. */
  public interface Ports {
    /** Submits a command; {@link #answered} or {@link #unanswered} follow. */
    void submit(Command command, long ticket);

    /** Sends to the leader, if one is known. */
    void tellLeader(Message message);

    /** Carries out an order for an instance. */
    void perform(InstanceId instance, Order order);

    /**
     * Makes ready for acting under a grant: raises its fence, where anything can have been written
     * before, and fetches the checkpoint's bytes; {@link #prepared} or {@link #unprepared} follow.
     *
     * @param writes whether the process may have written to shared maps before the grant
     * @param replaces the epoch that the grant followed, if that is known: what {@link #fence}
     *     refused for it need not be refused again
     */
    void prepare(
        Grant.Held grant,
        boolean writes,
        Optional<Epoch> replaces,
        Optional<CheckpointRef> checkpoint,
        Optional<byte[]> inline);

    /** Begins to refuse the writes of an epoch that is over for good, and of those before it. */
    void fence(ProcessName process, Epoch over);

    /** The next agent need not be told how this run ended. */
    void forget(RunId run);

    /** Wall time in milliseconds since 1970, for people. */
    long wallMillis();

    /** A number from 0 to 1, for jitter. */
    double chance();
  }

  /** How long an instance that could not get its checkpoint is no candidate. */
  private static final long DECLINE_NANOS = 5_000_000_000L;

  /** How long an event waits, so that it is never in front of what is urgent. */
  private static final long NOTE_NANOS = 100_000_000L;

  /** How many events wait at most; the oldest are dropped. */
  private static final int MAX_NOTES = 1000;

  /** How long the leader has to carry out what it was told, before the ledger is told directly. */
  private static final long GAVE_UP_NANOS = 100_000_000L;

  /** How many answered nonces may be outstanding; older ones are forgotten. */
  private static final int MAX_OUTSTANDING = 64;

  private final HostEntry self;
  private final Ports ports;
  private final Map<InstanceId, Instance> instances = new TreeMap<>();
  private final Map<RunId, Launched> ended = new HashMap<>();

  /** Those of {@link #ended} that the next agent of this host would find as well. */
  private final Set<RunId> kept = new HashSet<>();

  private final Set<RunId> gone = new HashSet<>();
  private final Map<RunId, Long> firstSign = new HashMap<>();
  private final TreeMap<Long, Long> sentAt = new TreeMap<>();
  private final Map<Epoch, Preparation> preparations = new HashMap<>();
  private final Map<Epoch, Optional<CheckpointRef>> checkpoints = new HashMap<>();
  private final Map<InstanceId, Long> declinedUntil = new HashMap<>();
  private final Map<Epoch, Command> finishes = new HashMap<>();
  private final Map<Long, Command> submitted = new HashMap<>();
  private final ArrayDeque<Noted> notes = new ArrayDeque<>();
  private final Map<Epoch, Message.Notice> notices = new HashMap<>();
  private final Map<Epoch, Long> gaveUpAt = new HashMap<>();

  private final Turns turns = new Turns();

  private LedgerState state = LedgerState.EMPTY;
  private long index = -1;
  private HostLease lease;
  private long latest;
  private boolean synced;
  private boolean draining;
  private Optional<String> turnedAway = Optional.empty();
  private long newestAnswer;
  private long answered;
  private long runs;
  private long numbers;
  private long tickets;
  private long lastRenewal;
  private List<InstanceReport> told = List.of();

  /** How a run ended that an earlier agent launched, while no agent was there. */
  private record Launched(FoundRun found) {}

  /** An event that waits to be told, since when. */
  private record Noted(Command.Note note, long at) {}

  /** How far a grant is from being acted under. */
  private enum Preparation {
    UNDER_WAY,
    READY,
    DECLINED,
    SETTLED
  }

  public HostAgent(HostEntry self, Ports ports, long now) {
    this.self = self;
    this.ports = ports;
    this.lease = HostLease.none(now);
    this.latest = now;
    this.lastRenewal = now - Long.MAX_VALUE / 4;
  }

  /**
   * Takes over what earlier agents of this host left. To be called once, first.
   *
   * @param latest the latest deadline that an earlier agent can have given out
   */
  public void adopt(List<FoundRun> found, long latest, long now) {
    this.latest = latest;
    for (FoundRun run : found) {
      Goal launched = new Goal(run.spec(), true, 0, number(run, RESTARTS_KEY));
      if (run.ended().isPresent()) {
        ended.put(run.run(), new Launched(run));
        kept.add(run.run());
      } else {
        Instance instance =
            Instance.placed(run.instance(), launched, freshRun(), now)
                .restarted(number(run, RESTARTED_KEY));
        instances.put(run.instance(), instance);
        step(run.instance(), new Event.Adopted(run.run(), launched, latest), now);
      }
    }
  }

  private static int number(FoundRun run, String key) {
    return Integer.parseInt(run.environment().getOrDefault(key, "0"));
  }

  /** In which variable of its environment a run keeps which wished-for restart it is. */
  public static final String RESTARTS_KEY = "NSM_RESTARTS";

  /** In which variable a run keeps how often its instance was started again after an end. */
  public static final String RESTARTED_KEY = "NSM_RESTARTED";

  /** This host's copy of the ledger changed. */
  public void ledger(Replica.Change change, long now) {
    state = change.state();
    index = change.index();
    pass(now);
  }

  /** The leader answered a renewal. */
  public void receive(Message.Renewed renewed, long now) {
    if (!renewed.to().equals(self.incarnation())) {
      return;
    }
    Long sent = sentAt.remove(renewed.nonce());
    if (sent == null) {
      return;
    }
    if (answered == 0) {
      // Whoever was admitted before may have been answered until this agent was.
      latest = Math.max(latest, now + renewed.ttl().toNanos());
    }
    answered = Math.max(answered, renewed.nonce());
    if (renewed.nonce() > newestAnswer) {
      newestAnswer = renewed.nonce();
      turnedAway = Optional.empty();
    }
    lease = lease.answered(sent, renewed.ttl(), renewed.barrier(), renewed.grants());
    turns.hear(renewed.turns());
    pass(now);
  }

  /** The leader sees that it is another process' turn. */
  public void receive(Message.Turns heard, long now) {
    turns.hear(heard.turns());
    pass(now);
  }

  /** The leader says that a grant is ours. It counts only if it is newer than the newest list. */
  public void receive(Message.Notice notice, long now) {
    if (notice.grant().host().equals(self.id()) && notice.grant().index() > lease.barrier()) {
      notices.put(notice.grant().epoch(), notice);
      pass(now);
    }
  }

  /**
   * The leader is about to grant, perhaps to this host. That a process was never granted says
   * nothing of one that had its name before and was deleted.
   */
  public void receive(Message.Coming coming, long now) {
    if (coming.over().isAfter(Epoch.NONE)) {
      ports.fence(coming.process(), coming.over());
    }
  }

  /**
   * The leader does not admit this agent, or not any more: what acts here stops at once, whatever
   * is left of the lease (decision 9, rule 8).
   */
  public void receive(Message.TurnedAway away, long now) {
    if (away.agent().equals(self.incarnation()) && away.nonce() > newestAnswer) {
      newestAnswer = away.nonce();
      turnedAway = Optional.of(away.why());
      lease = lease.endedBefore(now);
      pass(now);
    }
  }

  /** Another member leads, or this one leads again: it hears from us at once. */
  public void leaderChanged(long now) {
    renew(now);
  }

  /** Ends every instance in order and takes on none, before the agent ends. */
  public void drain(long now) {
    draining = true;
    pass(now);
  }

  /** Whether nothing runs here any more and no grant is left. */
  public boolean drained() {
    return quiet() && state.grantsOf(self.id()).isEmpty();
  }

  /** Whether nothing runs here any more, though grants may be left that the ledger did not take. */
  public boolean quiet() {
    return draining && instances.values().stream().allMatch(instance -> instance.run().isEmpty());
  }

  /** Something happened to a run of an instance. */
  public void happened(InstanceId id, Event event, long now) {
    if (event instanceof Event.Exited exited) {
      firstSign.putIfAbsent(exited.run(), now);
      if (!exited.run().launchedBy().equals(self.incarnation())) {
        gone.add(exited.run());
      }
    } else if (event instanceof Event.Connected connected) {
      firstSign.remove(connected.run());
    }
    if (!instances.containsKey(id)) {
      return;
    }
    step(id, event, now);
    // A heartbeat moves nothing but the judgement of a probe, which is made at its time.
    if (!(event instanceof Event.Heard)) {
      pass(now);
    }
  }

  /** A link broke: the first sign of an end, and not an end. */
  public void linkBroke(RunId run, long now) {
    firstSign.put(run, now);
  }

  /** The fence of a grant is raised and its checkpoint is at hand. */
  public void prepared(Grant.Held grant, long now) {
    if (preparations.get(grant.epoch()) == Preparation.UNDER_WAY) {
      preparations.put(grant.epoch(), Preparation.READY);
      pass(now);
    }
  }

  /** The checkpoint of a grant cannot be had, or its fence not be raised: it is given up. */
  public void unprepared(Grant.Held grant, String why, long now) {
    preparations.put(grant.epoch(), Preparation.DECLINED);
    declinedUntil.put(grant.instance(), now + DECLINE_NANOS);
    tell(grant.instance(), "declined", why, grant.instance() + " cannot act: " + why, now);
    pass(now);
  }

  /** The ledger applied a command of ours. */
  public void answered(long ticket, Answer answer, long now) {
    Command command = submitted.remove(ticket);
    if (command instanceof Command.Vacate vacate) {
      preparations.put(vacate.epoch(), Preparation.SETTLED);
      firstSign.remove(vacate.run());
    } else if (command instanceof Command.Finish finish) {
      preparations.put(finish.epoch(), Preparation.SETTLED);
      finishes.remove(finish.epoch());
    }
    pass(now);
  }

  /** What became of a command of ours is not known: it is submitted again as long as it is due. */
  public void unanswered(long ticket, long now) {
    submitted.remove(ticket);
  }

  public void tick(long now) {
    for (InstanceId id : List.copyOf(instances.keySet())) {
      step(id, new Event.Tick(), now);
    }
    pass(now);
    if (renewalDue(now)) {
      renew(now);
    }
    while (!notes.isEmpty() && now - notes.peekFirst().at() >= NOTE_NANOS) {
      ports.submit(notes.removeFirst().note(), ++tickets);
    }
  }

  private boolean renewalDue(long now) {
    return state.lease().map(terms -> now - lastRenewal >= terms.renew().toNanos()).orElse(true);
  }

  private void renew(long now) {
    long nonce = ++numbers;
    lastRenewal = now;
    sentAt.put(nonce, now);
    while (sentAt.size() > MAX_OUTSTANDING) {
      sentAt.pollFirstEntry();
    }
    told = reports(now);
    ports.tellLeader(new Message.Renewal(self, nonce, answered, told));
  }

  /** Everything that follows from the state as it is, whatever led to it. */
  private void pass(long now) {
    synced = synced || (lease.barrier() >= 0 && index >= lease.barrier());
    if (synced) {
      want(now);
    } else if (draining) {
      List.copyOf(instances.values()).forEach(instance -> unwant(instance, now));
    }
    for (Grant.Held grant : grants()) {
      consider(grant, now);
    }
    withdraw(now);
    giveUp(now);
    forgetKept();
    report(now);
  }

  /** How a run ended is of no use once no grant names it; else run directories would pile up. */
  private void forgetKept() {
    if (!synced || kept.isEmpty()) {
      return;
    }
    List<Grant.Held> granted = state.grantsOf(self.id());
    for (RunId run : List.copyOf(kept)) {
      if (granted.stream().noneMatch(of(run))) {
        kept.remove(run);
        ports.forget(run);
      }
    }
  }

  /**
   * Tells every instance what is wanted of it. Only once this copy of the ledger has caught up with
   * a leader's answer: what an old copy says of runs that an earlier agent left must not end them.
   */
  private void want(long now) {
    for (InstanceId id : state.placedOn(self.id())) {
      LedgerState.Process process = state.process(id.process()).orElseThrow();
      Goal goal =
          new Goal(
              process.spec(),
              process.running() && !process.finished() && !draining,
              process.starts(),
              process.restarts(),
              turns.waitsFor(process.spec()));
      Instance instance =
          instances.computeIfAbsent(id, key -> Instance.placed(key, goal, freshRun(), now));
      if (goal.running()) {
        turns.wanted(id.process());
      }
      if (!goal.running()
          && instance.run().isPresent()
          && instance.goal().running()
          && turns.staysFor(state, process, local(), draining, now).isPresent()) {
        continue;
      }
      if (!instance.goal().equals(goal)) {
        step(id, new Event.Wanted(goal), now);
      }
    }
    for (Instance instance : List.copyOf(instances.values())) {
      boolean placed =
          state
              .process(instance.id().process())
              .map(p -> self.id().equals(p.placements().get(instance.id().number())))
              .orElse(false);
      if (!placed && instance.goal().running()) {
        unwant(instance, now);
      } else if (!placed && instance.run().isEmpty()) {
        instances.remove(instance.id());
      }
    }
  }

  /** The processes of which a run lives here. */
  private Set<ProcessName> local() {
    Set<ProcessName> living = new HashSet<>();
    for (Instance instance : instances.values()) {
      if (instance.run().isPresent()) {
        living.add(instance.id().process());
      }
    }
    return living;
  }

  private void unwant(Instance instance, long now) {
    Goal goal = instance.goal();
    if (goal.running()) {
      step(
          instance.id(),
          new Event.Wanted(new Goal(goal.spec(), false, goal.starts(), goal.restarts())),
          now);
    }
  }

  /** Every grant that this host may hold, from all it was told. */
  private Collection<Grant.Held> grants() {
    Map<Epoch, Grant.Held> grants = new TreeMap<>();
    lease.grants().forEach(grant -> grants.put(grant.epoch(), grant));
    state.grantsOf(self.id()).forEach(grant -> grants.put(grant.epoch(), grant));
    notices.values().removeIf(notice -> notice.grant().index() <= Math.max(index, lease.barrier()));
    notices.values().forEach(notice -> grants.put(notice.grant().epoch(), notice.grant()));
    return List.copyOf(grants.values());
  }

  private void consider(Grant.Held grant, long now) {
    Instance instance = instances.get(grant.instance());
    if (instance == null
        || !lease.covers(grant, now)
        || replaced(grant)
        || !instance.canCarryOut(grant)
        || gaveUpAt.containsKey(grant.epoch())
        || yielding(grant)) {
      return;
    }
    Preparation preparation = preparations.get(grant.epoch());
    boolean acts = instance.phase() instanceof Instance.Phase.Acting;
    if (preparation == null && !acts) {
      prepare(grant);
    } else if (acts || preparation == Preparation.READY) {
      Optional<CheckpointRef> checkpoint =
          checkpoints.getOrDefault(grant.epoch(), Optional.empty());
      step(grant.instance(), new Event.MayAct(grant, lease.end(), checkpoint), now);
    }
  }

  /**
   * The pointer, and whether there is anything to fence, may be taken from a copy of the ledger
   * only at or behind the grant itself. What was prepared is what the run starts from, though a
   * later answer makes the notice superfluous.
   */
  private void prepare(Grant.Held grant) {
    Message.Notice notice = notices.get(grant.epoch());
    if (notice != null) {
      prepare(
          grant,
          notice.writes(),
          Optional.of(notice.replaces()),
          notice.checkpoint(),
          notice.inline());
    } else if (index >= grant.index()) {
      LedgerState.Process process = state.process(grant.instance().process()).orElseThrow();
      prepare(
          grant,
          state.writes(process.name()),
          Optional.empty(),
          process.checkpoint(),
          process.inline());
    }
  }

  private void prepare(
      Grant.Held grant,
      boolean writes,
      Optional<Epoch> replaces,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline) {
    preparations.put(grant.epoch(), Preparation.UNDER_WAY);
    checkpoints.put(grant.epoch(), checkpoint);
    ports.prepare(grant, writes, replaces, checkpoint, inline);
  }

  private boolean yielding(Grant.Held grant) {
    return draining
        || state
            .process(grant.instance().process())
            .flatMap(LedgerState.Process::handOver)
            .map(wish -> wish.from().equals(grant.epoch()))
            .orElse(false);
  }

  /** Has those stop acting whose grant is wanted elsewhere, or is theirs no longer. */
  private void withdraw(long now) {
    for (Instance instance : List.copyOf(instances.values())) {
      Optional<Epoch> meant = meant(instance);
      if (meant.isEmpty()) {
        continue;
      }
      Epoch epoch = meant.get();
      RunId run = instance.run().orElseThrow().id();
      Optional<Grant.Held> grant =
          grants().stream().filter(g -> g.epoch().equals(epoch) && g.run().equals(run)).findFirst();
      if (turnedAway.isPresent()) {
        step(instance.id(), new Event.MustYield(epoch, "SUPERSEDED"), now);
      } else if (grant.map(this::yielding).orElse(false)) {
        step(instance.id(), new Event.MustYield(epoch, "HAND_OVER"), now);
      } else if (synced && lease.valid(now) && grant.filter(g -> lease.covers(g, now)).isEmpty()) {
        step(instance.id(), new Event.MustYield(epoch, "GRANT_GONE"), now);
      }
    }
  }

  /** The epoch in which an instance acts, or will as soon as it is ready. */
  private static Optional<Epoch> meant(Instance instance) {
    if (instance.phase() instanceof Instance.Phase.Acting acting) {
      return Optional.of(acting.run().seen());
    }
    return instance.phase() instanceof Instance.Phase.Starting starting
        ? starting.cause().map(cause -> cause.grant().epoch())
        : Optional.empty();
  }

  /**
   * Vacates every grant of this host under which nothing acts or will act, until the ledger says
   * that it is done, whatever is remembered of it here (decision 9, rule 6). What was given up is
   * not carried out any more, whoever becomes ready for it: the word is on its way, and another may
   * act as soon as it arrives. Nor is it by the next agent of this host, which has each run say
   * anew that it is ready, and gives up first what that run was not told of yet.
   */
  private void giveUp(long now) {
    Collection<Grant.Held> grants = grants();
    preparations
        .keySet()
        .removeIf(epoch -> grants.stream().noneMatch(grant -> grant.epoch().equals(epoch)));
    checkpoints.keySet().retainAll(preparations.keySet());
    // An end counts also if the grant was given up or has expired before it could be told.
    finishes.forEach(
        (epoch, finish) -> {
          if (!underWay(epoch)) {
            submit(finish);
          }
        });
    for (Grant.Held grant : grants) {
      Preparation preparation = preparations.get(grant.epoch());
      if (preparation == Preparation.SETTLED || underWay(grant.epoch())) {
        continue;
      }
      Launched before = ended.get(grant.run());
      if (before != null && oneShot(grant) && isFinal(before.found())) {
        submit(finish(grant, before.found()));
      } else if (gaveUpAt.containsKey(grant.epoch()) || !carriedOut(grant, preparation, now)) {
        giveUp(grant, now);
      }
    }
    gaveUpAt.keySet().removeIf(epoch -> grants.stream().noneMatch(g -> g.epoch().equals(epoch)));
    firstSign.keySet().removeIf(run -> !alive(run) && grants.stream().noneMatch(of(run)));
  }

  /** The leader can have another follow in the same entry; if it does not, the ledger is told. */
  private void giveUp(Grant.Held grant, long now) {
    Long at = gaveUpAt.putIfAbsent(grant.epoch(), now);
    if (at == null) {
      ports.tellLeader(
          new Message.GaveUp(
              grant.instance().process(),
              grant.epoch(),
              grant.run(),
              why(grant),
              noticed(grant, now)));
    } else if (now - at >= GAVE_UP_NANOS && !replaced(grant)) {
      submit(
          new Command.Vacate(
              grant.instance().process(),
              grant.epoch(),
              grant.run(),
              why(grant),
              noticed(grant, at)));
    }
  }

  /** Whether this copy of the ledger is newer than whatever named the grant, and has it no more. */
  private boolean replaced(Grant.Held grant) {
    return index >= Math.max(lease.barrier(), grant.index())
        && !state.grantsOf(self.id()).contains(grant);
  }

  private boolean alive(RunId id) {
    return instances.values().stream()
        .anyMatch(instance -> instance.run().filter(run -> run.id().equals(id)).isPresent());
  }

  private static Predicate<Grant.Held> of(RunId run) {
    return grant -> grant.run().equals(run);
  }

  private boolean carriedOut(Grant.Held grant, @Nullable Preparation preparation, long now) {
    long margin = state.lease().orElse(LeaseTerms.PATIENT).margin().toNanos();
    if (lostFromSight(grant) && !mayGiveUpUnseen(grant, margin, now)) {
      return true;
    }
    Instance instance = instances.get(grant.instance());
    if (instance == null) {
      return false;
    }
    boolean declined =
        (preparation == Preparation.DECLINED || yielding(grant)) && untouched(instance, grant);
    return !declined && !instance.nothingActsUnder(grant, margin, now);
  }

  /**
   * Whether a run of another agent of this host was neither found alive nor found ended: an earlier
   * one's whose directory is gone, or one of an agent with a copy of the data directory.
   */
  private boolean lostFromSight(Grant.Held grant) {
    boolean here =
        Optional.ofNullable(instances.get(grant.instance()))
            .flatMap(Instance::run)
            .map(run -> run.id().equals(grant.run()))
            .orElse(false);
    return !here
        && !ended.containsKey(grant.run())
        && !grant.run().launchedBy().equals(self.incarnation())
        && !gone.contains(grant.run());
  }

  /**
   * An unseen run may act until the latest deadline that it can have been given. That is known only
   * once this agent is admitted, as the one before is answered until then; and of a later agent's
   * runs an agent that was superseded knows nothing.
   */
  private boolean mayGiveUpUnseen(Grant.Held grant, long margin, long now) {
    boolean newest = index >= grant.index() && state.host(self.id()).equals(Optional.of(self));
    return answered > 0 && newest && now - latest > margin;
  }

  /** Whether the run was never told of the grant. */
  private static boolean untouched(Instance instance, Grant.Held grant) {
    return instance
        .run()
        .map(run -> !run.id().equals(grant.run()) || grant.epoch().isAfter(run.seen()))
        .filter(untold -> !(instance.phase() instanceof Instance.Phase.Found))
        .orElse(instance.run().isEmpty());
  }

  private boolean oneShot(Grant.Held grant) {
    return state
        .process(grant.instance().process())
        .map(p -> p.spec().mode() == ProcessSpec.Mode.ONE_SHOT)
        .orElse(false);
  }

  /** Whether a one-shot that ended while no agent was there is not to be tried again. */
  private static boolean isFinal(FoundRun found) {
    int code = found.ended().orElseThrow().code();
    ProcessSpec.Restart restart = found.spec().restart();
    return restart.success().contains(code)
        || restart.noRestart().contains(code)
        || restart.policy() == ProcessSpec.Restart.Policy.NEVER;
  }

  private Command finish(Grant.Held grant, FoundRun found) {
    var exit = found.ended().orElseThrow();
    boolean success = found.spec().restart().success().contains(exit.code());
    return new Command.Finish(
        grant.instance().process(),
        grant.epoch(),
        grant.run(),
        success,
        exit.reason(),
        ports.wallMillis());
  }

  private String why(Grant.Held grant) {
    Instance instance = instances.get(grant.instance());
    if (instance == null) {
      return "RUN_GONE";
    }
    InstanceReport report = instance.report(0);
    return report.exits().stream()
        .filter(exit -> exit.run().equals(grant.run()))
        .map(InstanceReport.Exit::reason)
        .findFirst()
        .or(report::reason)
        .orElse(yielding(grant) ? "HAND_OVER" : "OPERATOR");
  }

  private long noticed(Grant.Held grant, long now) {
    Long sign = firstSign.get(grant.run());
    return sign == null ? 0 : Math.max(0, (now - sign) / 1000);
  }

  private boolean underWay(Epoch epoch) {
    return submitted.values().stream()
        .anyMatch(
            command ->
                command instanceof Command.Vacate v && v.epoch().equals(epoch)
                    || command instanceof Command.Finish f && f.epoch().equals(epoch));
  }

  private void submit(Command command) {
    long ticket = ++tickets;
    submitted.put(ticket, command);
    ports.submit(command, ticket);
  }

  private void step(InstanceId id, Event event, long now) {
    Instance before = instances.get(id);
    if (before == null) {
      return;
    }
    RunId fresh = new RunId(self.incarnation(), runs + 1);
    Lifecycle.Step step = Lifecycle.step(before, event, now, fresh);
    if (step.instance().next().equals(fresh)) {
      runs++;
    }
    instances.put(id, step.instance());
    for (Order order : step.orders()) {
      if (order instanceof Order.Finish finish) {
        finishes.put(
            finish.epoch(),
            new Command.Finish(
                id.process(),
                finish.epoch(),
                finish.run(),
                finish.success(),
                finish.reason(),
                ports.wallMillis()));
      } else if (order instanceof Order.Tell tell) {
        tell(id, tell.kind(), tell.reason(), tell.text(), now);
      } else {
        ports.perform(id, order);
      }
    }
  }

  /** Some of a run's output could not be kept. */
  public void outputDropped(InstanceId id, RunId run, long bytes, long now) {
    tell(
        id,
        "OUTPUT_DROPPED",
        "",
        "run %s: %d bytes of its output were given up so far: the disk is full, or it writes faster than can be kept"
            .formatted(run, bytes),
        now);
  }

  private void tell(InstanceId id, String kind, String reason, String text, long now) {
    io.nsm.supervisor.model.Event event =
        new io.nsm.supervisor.model.Event(
            ports.wallMillis(),
            kind,
            Optional.of(id.process()),
            Optional.of(id),
            Optional.of(self.name()),
            reason.isEmpty() ? Optional.empty() : Optional.of(reason),
            text,
            Optional.empty());
    notes.addLast(new Noted(new Command.Note(event), now));
    if (notes.size() > MAX_NOTES) {
      notes.removeFirst();
    }
  }

  private RunId freshRun() {
    return new RunId(self.incarnation(), ++runs);
  }

  /** Tells the leader what changed; times alone are no change. */
  private void report(long now) {
    List<InstanceReport> reports = reports(now);
    if (!timeless(reports).equals(timeless(told))) {
      told = reports;
      ports.tellLeader(new Message.Report(self.id(), self.incarnation(), ++numbers, reports));
    }
  }

  private List<InstanceReport> reports(long now) {
    List<InstanceReport> reports = new ArrayList<>();
    for (Instance instance : instances.values()) {
      InstanceReport report = instance.report(now);
      boolean declined =
          Optional.ofNullable(declinedUntil.get(instance.id())).map(u -> now - u < 0).orElse(false);
      reports.add(declined || draining ? report.withoutCandidacy() : report);
    }
    return reports;
  }

  private static List<InstanceReport> timeless(List<InstanceReport> reports) {
    return reports.stream().map(InstanceReport::timeless).toList();
  }

  /** How often an instance was started again after an end that nobody wished for. */
  public int restarted(InstanceId id) {
    Instance instance = instances.get(id);
    return instance == null ? 0 : instance.history().restarts();
  }

  /** What this host says of its instances, for people. */
  public List<InstanceReport> instances(long now) {
    return reports(now);
  }

  /** Whether shared data may be used: an agent whose lease is over could read what is old. */
  public boolean leased(long now) {
    return lease.valid(now);
  }

  /** Why the leader does not admit this agent, if it does not. */
  public Optional<String> turnedAway() {
    return turnedAway;
  }

  /** This host's copy of the ledger. */
  public LedgerState state() {
    return state;
  }
}
