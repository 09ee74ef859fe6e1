package io.nsm.supervisor.grid.quorum;

import static io.nsm.supervisor.grid.quorum.Sync.await;

import io.nsm.supervisor.grid.quorum.ReplicaService.Status;
import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a new generation when it is this voter's turn: at start, when a member of its generation
 * is lost or came back, or when nobody leads. Blocks, on a thread of its own.
 *
 * <p>A generation begins in four steps, each of which must succeed: a majority of the voters
 * promises to accept nothing older; of those, one that stood in the newest generation is the
 * source; all take over its state; all are made members.
 */
final class Generations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

  /** How long a voter may take to say how it stands, or to promise. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(500);

  /** How long the others may take when a majority has answered. */
  private static final Duration FOLLOWING = Duration.ofMillis(100);

  /** Between attempts while not settled; grows up to {@link #MAX_PAUSE_MILLIS}. */
  private static final long MIN_PAUSE_MILLIS = 50;

  private static final long MAX_PAUSE_MILLIS = 1000;

  private final Voters voters;
  private final Replica replica;
  private final ReplicaService replicas;
  private final Primary primary;
  private final Executor loop;
  private final Sync sync;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean open = true;
  private long highest;
  private volatile String reported = "";

  Generations(
      Voters voters, Replica replica, ReplicaService replicas, Primary primary, Executor loop) {
    this.voters = voters;
    this.replica = replica;
    this.replicas = replicas;
    this.primary = primary;
    this.loop = loop;
    this.sync = new Sync(replicas);
    this.thread = new Thread(this::run, "nsm-grid-generations");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Looks again at once. */
  void wake() {
    wake.release();
  }

  /** What it came to last, for people. */
  String state() {
    return reported;
  }

  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(Sync.STEP_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pause = MIN_PAUSE_MILLIS;
    while (open) {
      try {
        boolean settled = look();
        pause = settled ? MIN_PAUSE_MILLIS : Math.min(2 * pause, MAX_PAUSE_MILLIS);
        if (settled) {
          wake.acquire();
        } else {
          // Each attempt promises, and each promise wakes: that must not make it spin.
          TimeUnit.MILLISECONDS.sleep(MIN_PAUSE_MILLIS);
          if (wake.tryAcquire(pause - MIN_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            pause = MIN_PAUSE_MILLIS;
          }
        }
        wake.drainPermits();
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Does what is due; false if it is to look again without being woken. */
  private boolean look() throws InterruptedException {
    List<HostName> reachable = voters.reachable();
    if (reachable.size() < voters.majority()) {
      onLoop(this::stopLeading);
      return settled("waiting: only " + reachable + " of the voters " + voters.all() + " in view");
    }
    Set<HostName> members = onLoop(primary::members);
    if (members.isEmpty()) {
      return leadIfNobodyDoes(reachable);
    }
    if (!reachable.containsAll(members)) {
      return begin(reachable);
    }
    return admit(members, reachable);
  }

  private boolean leadIfNobodyDoes(List<HostName> reachable) throws InterruptedException {
    Map<HostName, Status> known =
        answers(reachable, voter -> replicas.status(voter, ANSWER_TIMEOUT));
    known.values().forEach(status -> highest = Math.max(highest, status.standing().promised()));
    Optional<HostName> leader = first(known, Status::serving);
    if (leader.isPresent()) {
      boolean member = onLoop(() -> replica.standing().in(highest));
      return member
          ? settled("in generation " + highest + " of " + leader.get())
          : unsettled("waiting for " + leader.get() + " to take this voter in");
    }
    Optional<HostName> first = first(known, Status::usable);
    if (first.isPresent()
        && first.get().equals(voters.self())
        && voters.majorityOf(known.keySet())) {
      return begin(List.copyOf(known.keySet()));
    }
    return unsettled("waiting for a voter to lead; heard from " + known.keySet());
  }

  /** Brings voters that came back up to date first, so that the change takes only a moment. */
  private boolean admit(Set<HostName> members, List<HostName> reachable)
      throws InterruptedException {
    List<HostName> ready = new ArrayList<>();
    long generation = onLoop(() -> replica.standing().active());
    for (HostName voter : reachable) {
      if (!members.contains(voter)) {
        try {
          Status status = await(replicas.status(voter, ANSWER_TIMEOUT));
          highest = Math.max(highest, status.standing().promised());
          if (status.usable() && status.standing().promised() <= generation) {
            sync.copy(voters.self(), voter, generation, Optional.empty());
          }
          if (status.usable()) {
            ready.add(voter);
          }
        } catch (ExecutionException | TimeoutException e) {
          say("cannot take " + voter + " in yet: " + e);
        }
      }
    }
    if (ready.isEmpty()) {
      return members.containsAll(reachable);
    }
    ready.addAll(members);
    return begin(ready) && new HashSet<>(ready).containsAll(reachable);
  }

  private boolean begin(List<HostName> with) throws InterruptedException {
    onLoop(this::stopLeading);
    highest = Math.max(highest, onLoop(() -> replica.standing().promised()));
    long generation = voters.generationAfter(highest);
    highest = generation;
    try {
      return begin(generation, with);
    } catch (ExecutionException | TimeoutException e) {
      return unsettled("generation " + generation + " did not begin: " + e);
    }
  }

  private boolean begin(long generation, List<HostName> with)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<HostName, Standing> promised =
        answers(with, voter -> replicas.promise(voter, generation, ANSWER_TIMEOUT));
    if (!promised.containsKey(voters.self()) || !voters.majorityOf(promised.keySet())) {
      return unsettled(
          "generation " + generation + " has promises of " + promised.keySet() + " only");
    }
    long newest = promised.values().stream().mapToLong(Standing::active).max().orElseThrow();
    Set<HostName> whole =
        promised.entrySet().stream()
            .filter(entry -> entry.getValue().installed())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    if (newest > 0 && !voters.majorityOf(whole)) {
      return unsettled(
          "waiting: of the voters in view only "
              + whole
              + " have their data; an empty store does not count until it was filled");
    }
    Optional<HostName> self =
        Optional.of(voters.self()).filter(me -> standing(promised, me).active() == newest);
    HostName source =
        self.or(() -> first(promised, standing -> standing.active() == newest)).orElseThrow();
    if (!source.equals(voters.self())) {
      sync.copy(source, voters.self(), generation, Optional.of(newest));
    }
    for (HostName voter : promised.keySet()) {
      if (!voter.equals(source) && !voter.equals(voters.self())) {
        sync.copy(voters.self(), voter, generation, Optional.of(newest));
      }
    }
    await(replicas.install(source, generation, List.of(), Optional.of(newest), ANSWER_TIMEOUT));
    Set<HostName> members = Set.copyOf(promised.keySet());
    for (HostName voter : members) {
      await(replicas.activate(voter, generation, members, ANSWER_TIMEOUT));
    }
    onLoop(
        () -> {
          primary.serve(generation, members);
          return true;
        });
    say("leading generation " + generation + " with " + members.stream().sorted().toList());
    return members.containsAll(with);
  }

  private static Standing standing(Map<HostName, Standing> promised, HostName voter) {
    return promised.getOrDefault(voter, Standing.NEW);
  }

  /** The first, by name, whose answer is as wanted. */
  private static <T> Optional<HostName> first(Map<HostName, T> answers, Predicate<T> wanted) {
    return answers.entrySet().stream()
        .filter(entry -> wanted.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .min(Comparator.naturalOrder());
  }

  private boolean stopLeading() {
    primary.stop();
    return true;
  }

  /** The answers given in time: of all, or of a majority and those that follow within a moment. */
  private <T> Map<HostName, T> answers(
      List<HostName> hosts, Function<HostName, CompletionStage<T>> question)
      throws InterruptedException {
    Map<HostName, T> answers = new ConcurrentSkipListMap<>();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            hosts.stream()
                .map(
                    host ->
                        question
                            .apply(host)
                            .thenAccept(answer -> answers.put(host, answer))
                            .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    long end = System.nanoTime() + ANSWER_TIMEOUT.toNanos();
    while (!all.isDone() && System.nanoTime() < end) {
      boolean enough = voters.majorityOf(answers.keySet());
      try {
        all.get(FOLLOWING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("answered so far: {}", answers.keySet(), e);
      }
      if (enough) {
        break;
      }
    }
    return new TreeMap<>(answers);
  }

  private <T> T onLoop(Supplier<T> question) throws InterruptedException {
    try {
      return CompletableFuture.supplyAsync(question, loop).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the grid's loop failed", e);
    }
  }

  private boolean settled(String state) {
    say(state);
    return true;
  }

  private boolean unsettled(String state) {
    say(state);
    return false;
  }

  /** Says a new state of affairs once. */
  private void say(String state) {
    if (!state.equals(reported)) {
      reported = state;
      LOG.info("shared maps: {}", state);
    }
  }
}
