package io.nsm.agent.sim;

import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** All of the simulated world: hosts, what connects them, what is true, and its operator. */
final class Cluster {
  /** The most that any clock errs here, as a part of 1. */
  static final double CLOCK_ERROR = 0.01;

  /** How many hosts there may be, twins included. */
  static final int MAX_HOSTS = 8;

  private static final long FAIR_TIME = 40 * World.SECONDS;
  private static final long STEADY = 2 * World.SECONDS;

  final World world;
  final Network network;
  final Truth truth;
  final Held held;
  final Acts acts;
  final FencedWrites maps;
  final BadLedger ledgerHabits = new BadLedger(this);
  final List<Host> hosts = new ArrayList<>();
  final LeaseTerms terms;
  boolean cautiousLeaders = true;
  double launchFailures;

  /** Whether members ask whether they would be elected before they disturb a leader. */
  boolean preVotes = true;

  /** Whom the operator asks; anybody, if empty. */
  Optional<Host> operatorAt = Optional.empty();

  /** How often a process pauses between check and effect, as a part of 1. */
  double pauses = 0.2;

  /** How many of the saves the ledger itself keeps the bytes of, as a part of 1. */
  double inlineSaves = 0.5;

  LongSupplier deposedLate;
  private final Set<Habit> habits;

  /** How many saves of a quiet process a map write goes with, as a part of 1. */
  double quietWrites;

  /** How often a disk is slow, as a part of 1. */
  double slowDisks;

  private long lives;
  private long pids = 100;
  private long requests;

  /** How many hosts vote, only vote, and only run processes. */
  record Size(int voters, int witnesses, int others) {
    int all() {
      return voters + witnesses + others;
    }
  }

  private Cluster(long seed, LeaseTerms terms, Size size, Set<Habit> habits) {
    this.world = new World(seed, this::check);
    this.network = new Network(world);
    this.truth = new Truth(this);
    this.held = new Held(world);
    this.acts = new Acts(this);
    this.maps = new FencedWrites(this);
    this.terms = terms;
    this.habits = habits;
    this.deposedLate = () -> world.chance(0.5) ? 0 : world.between(0, 400 * World.MILLIS);
    for (int i = 0; i < size.all(); i++) {
      boolean witness = i >= size.voters() && i < size.voters() + size.witnesses();
      this.hosts.add(new Host(this, i, witness, i < size.voters() + size.witnesses()));
    }
  }

  static Cluster of(long seed, Size size, Habit... habits) {
    return of(seed, LeaseTerms.FAST, size, habits);
  }

  static Cluster of(long seed, LeaseTerms terms, Size size, Habit... habits) {
    Set<Habit> bad = EnumSet.noneOf(Habit.class);
    bad.addAll(List.of(habits));
    return new Cluster(seed, terms, size, bad);
  }

  /** Hosts that vote in the ledger. */
  Stream<Host> voters() {
    return hosts.stream().filter(host -> host.votes);
  }

  /** How many voters are more than half of them. */
  int majority() {
    return (int) voters().count() / 2 + 1;
  }

  /** A second agent on the machine of a host, with a copy of its data directory; starts later. */
  Host twin(Host of) {
    Host twin = new Host(this, hosts.size(), of);
    hosts.add(twin);
    return twin;
  }

  boolean has(Habit habit) {
    return habits.contains(habit);
  }

  long nextLife() {
    return ++lives;
  }

  long nextPid() {
    return ++pids;
  }

  /** How long it takes to have safe on disk what was written. */
  long syncTime() {
    return world.chance(slowDisks)
        ? world.between(20, 300) * World.MILLIS
        : world.between(100, 2000) * World.MICROS;
  }

  /** What the leader takes for the clocks' error; some bad habits lie in that. */
  double assumedClockError() {
    if (has(Habit.BOUND_WITHOUT_CLOCK_ERROR)) {
      return 0;
    }
    if (has(Habit.BOUND_WITHOUT_MARGIN)) {
      double right = (1 + CLOCK_ERROR) / (1 - CLOCK_ERROR);
      double factor = right * terms.ttl().toNanos() / terms.ttl().plus(terms.margin()).toNanos();
      return (factor - 1) / (factor + 1);
    }
    return CLOCK_ERROR;
  }

  Duration patience() {
    return terms.bound(CLOCK_ERROR);
  }

  private void check() {
    acts.check();
  }

  void start() {
    hosts.stream().filter(host -> !host.late).forEach(Host::startAgent);
  }

  /** Starts everything and waits until all that is declared is as declared. */
  void startWith(ProcessSpec... specs) {
    start();
    declare(List.of(specs));
    settle();
  }

  // The operator

  void declare(List<ProcessSpec> specs) {
    String request = request();
    operate(state -> new Command.Declare(request, state.revision(), specs, false, 0));
  }

  void deleteAll() {
    String request = request();
    operate(state -> new Command.Declare(request, state.revision(), List.of(), true, 0));
  }

  void wanted(ProcessName process, boolean running) {
    String request = request();
    operate(state -> new Command.SetWanted(request, process, running, 0));
  }

  void restart(ProcessName process) {
    String request = request();
    operate(state -> new Command.Restart(request, process, 0));
  }

  void handOver(ProcessName process) {
    String request = request();
    holder(process)
        .ifPresent(
            held ->
                operate(
                    state ->
                        new Command.HandOver(
                            request, process, held.epoch(), Optional.empty(), "OPERATOR")));
  }

  private String request() {
    return "operator-" + ++requests;
  }

  /** Has a command applied by way of any agent; asks again while that is not known. */
  private void operate(Function<LedgerState, Command> command) {
    boolean[] done = {false};
    attempt(command, done);
  }

  private void attempt(Function<LedgerState, Command> command, boolean[] done) {
    if (done[0]) {
      return;
    }
    operatorAt
        .orElseGet(() -> hosts.get(world.pick(hosts.size())))
        .mail(
            life -> {
              Command now = command.apply(truth.state());
              world.tell("operator", now);
              life.submissions.submit(
                  now, answer -> done[0] |= answer.filter(Answer::effective).isPresent());
            });
    world.after(
        world.between(1000, 1500) * World.MILLIS,
        () -> {
          if (truth.state().requests().size() < LedgerState.MAX_REQUESTS) {
            attempt(command, done);
          }
        });
  }

  // Looking at it

  Optional<Grant.Held> holder(ProcessName process) {
    return truth.state().process(process).flatMap(LedgerState.Process::holder);
  }

  Host hostOf(ProcessName process) {
    Grant.Held held = holder(process).orElseThrow();
    return hosts.stream().filter(host -> host.id.equals(held.host())).findFirst().orElseThrow();
  }

  Optional<Run> active(ProcessName process) {
    return runs().stream()
        .filter(run -> run.instance.process().equals(process) && run.actsIn() != 0)
        .findFirst();
  }

  List<Run> runs() {
    return hosts.stream().flatMap(host -> host.living().stream()).toList();
  }

  Optional<Host> leader() {
    return hosts.stream()
        .filter(host -> host.agent.map(life -> life.leader.term().isPresent()).orElse(false))
        .filter(host -> host.agent.map(life -> life.voter.leads()).orElse(false))
        .findFirst();
  }

  Host leaderHost() {
    await("a leader", () -> leader().isPresent());
    return leader().orElseThrow();
  }

  void await(String what, BooleanSupplier condition) {
    long until = world.now() + FAIR_TIME;
    while (!condition.getAsBoolean()) {
      if (world.now() > until) {
        throw new Violation("I5: waited in vain for " + what, world);
      }
      world.runFor(World.MILLIS);
    }
  }

  /** The faults are over. */
  void calm() {
    world.tell("the faults are over");
    launchFailures = 0;
    network.heal();
    for (Host host : hosts) {
      host.powerOn();
      host.thaw();
      host.agent.ifPresent(AgentLife::goOn);
      if (!host.late) {
        host.startAgent();
      }
      host.living().forEach(Run::recover);
    }
  }

  /** Within a fair time all is as declared, and stays so. */
  void settle() {
    long until = world.now() + FAIR_TIME;
    long good = 0;
    while (good < STEADY) {
      world.runFor(100 * World.MILLIS);
      good = problems().isEmpty() ? good + 100 * World.MILLIS : 0;
      if (world.now() > until) {
        throw new Violation("I5: not as declared after a fair time: " + problems(), world);
      }
    }
  }

  /** What depends on a process that is stopped may run or wait. */
  private boolean waitsInVain(LedgerState.Process process) {
    return process.spec().dependsOn().stream()
        .map(dependency -> truth.state().process(dependency.process()))
        .anyMatch(
            on ->
                on.isEmpty()
                    || (!on.get().running() && !on.get().finished())
                    || waitsInVain(on.get()));
  }

  /** What is not as declared. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (truth.state().processes().isEmpty()) {
      problems.add("nothing is declared");
    }
    truth.state().processes().values().forEach(process -> look(process, problems));
    return problems;
  }

  private void look(LedgerState.Process process, List<String> problems) {
    List<Run> living =
        runs().stream().filter(run -> run.instance.process().equals(process.name())).toList();
    ProcessSpec spec = process.spec();
    if (process.outcome().filter(outcome -> !outcome.success()).isPresent()) {
      problems.add(process.name() + " was not started again: " + process.outcome());
    }
    if (!process.running() || process.finished()) {
      if (!living.isEmpty() || process.holder().isPresent()) {
        problems.add(process.name() + " still runs or is held: " + living);
      }
      return;
    }
    if (waitsInVain(process)) {
      return;
    }
    if (spec.mode() == ProcessSpec.Mode.ONE_SHOT) {
      problems.add(process.name() + " has not ended");
      return;
    }
    long acting = living.stream().filter(run -> run.actsIn() != 0).count();
    boolean exclusive = process.exclusive();
    if (exclusive
        && (acting != 1 || !active(process.name()).map(r -> r.id).equals(holderRun(process)))) {
      problems.add(process.name() + " acts " + acting + " times, held by " + process.grant());
    }
    boolean cold = exclusive && spec.activeStandby().standby() == ProcessSpec.Standby.COLD;
    long ready = living.stream().filter(Run::isReady).count();
    if (ready != (cold ? 1 : spec.replicas()) || ready != living.size()) {
      problems.add(process.name() + " has " + ready + " ready of " + living);
    }
    if (process.placements().size() != spec.replicas()) {
      problems.add(process.name() + " is placed " + process.placements());
    }
  }

  private static Optional<io.nsm.supervisor.model.RunId> holderRun(LedgerState.Process process) {
    return process.holder().map(Grant.Held::run);
  }
}
