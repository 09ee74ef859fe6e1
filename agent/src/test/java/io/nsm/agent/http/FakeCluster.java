package io.nsm.agent.http;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.Change;
import io.nsm.supervisor.api.CheckpointStatus;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.Event;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.HostStatus;
import io.nsm.supervisor.api.InstanceDescription;
import io.nsm.supervisor.api.InstanceState;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.api.Problem;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.api.ProcessStatus;
import io.nsm.supervisor.api.PromotionTimeline;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.api.Readiness;
import io.nsm.supervisor.api.VersionInfo;
import io.nsm.supervisor.api.Wanted;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A cluster in memory: actions come about after some looks at it. All methods may be called by any
 * thread.
 */
public final class FakeCluster implements Operations {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Incarnation AGENT = new Incarnation("a1");

  /** What was asked for, in order. */
  public final List<String> calls = new ArrayList<>();

  private final Map<ProcessName, ProcessStatus> processes = new TreeMap<>();
  private final Map<ProcessName, ProcessSpec> specs = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Later> later = new ArrayList<>();
  private final Map<String, Long> requests = new HashMap<>();
  private Quorum quorum = new Quorum(true, 3, 3);
  private Optional<RuntimeException> refusal = Optional.empty();
  private Optional<DoctorReport> report = Optional.empty();
  private CompletableFuture<EventPage> follower = new CompletableFuture<>();
  private boolean silent;
  private boolean stuck;
  private boolean failing;
  private boolean placeable = true;
  private long index = 1;
  private long runs;

  private record Later(long looks, Runnable effect) {}

  /** From now on each change is refused. */
  public synchronized void refuseChanges(ErrorCode code, String message) {
    refusal = Optional.of(Refusal.of(code, message));
  }

  /** From now on each change ends with a bug. */
  public synchronized void breakDown() {
    refusal = Optional.of(new IllegalStateException("a bug"));
  }

  /** From now on nothing is answered. */
  public synchronized void fallSilent() {
    silent = true;
  }

  /** From now on what is accepted does not come about. */
  public synchronized void getStuck() {
    stuck = true;
  }

  /** From now on what is started fails for good. */
  public synchronized void failStarts() {
    failing = true;
  }

  /** From now on no host takes an instance. */
  public synchronized void haveNoRoom() {
    placeable = false;
  }

  public synchronized void quorum(Quorum now) {
    quorum = now;
  }

  public synchronized void report(DoctorReport now) {
    report = Optional.of(now);
  }

  /** Declares a process that runs, its first instance active. */
  public synchronized void declare(ProcessSpec spec) {
    specs.put(spec.name(), spec);
    processes.put(spec.name(), fresh(spec, 1));
  }

  /** Replaces what is known of a process. */
  public synchronized void set(ProcessStatus process) {
    processes.put(process.name(), process);
  }

  public synchronized ProcessStatus process(String name) {
    return known(new ProcessName(name));
  }

  /** Something happens; who follows the events is told. */
  public void happen(Event event) {
    CompletableFuture<EventPage> told;
    synchronized (this) {
      events.add(event);
      told = follower;
      follower = new CompletableFuture<>();
    }
    told.complete(new EventPage(List.of(event), event.index() + 1, false));
  }

  /** How often something was asked. */
  public synchronized long timesCalled(String call) {
    return calls.stream().filter(call::equals).count();
  }

  /** Whether the same request was given more than once, and how often the last one was. */
  public synchronized long timesAsked(String requestId) {
    return requests.getOrDefault(requestId, 0L);
  }

  public static ProcessSpec spec(String name, ProcessSpec.Mode mode, int replicas) {
    return new ProcessSpec(
        new ProcessName(name),
        new ProcessSpec.Command(List.of("sleep", "1000")),
        mode,
        replicas,
        new ProcessSpec.ActiveStandby(
            ProcessSpec.Standby.HOT,
            ProcessSpec.OnLeaseLost.HALT,
            ProcessSpec.Failback.NEVER,
            List.of(),
            Duration.ofSeconds(30)),
        new ProcessSpec.Placement(List.of(), true, List.of()),
        Map.of(),
        Map.of(),
        new ProcessSpec.Restart(
            ProcessSpec.Restart.Policy.ALWAYS,
            new ProcessSpec.Backoff(
                Duration.ofSeconds(1), Duration.ofMinutes(1), 2, 0.2, Duration.ofMinutes(10)),
            new ProcessSpec.Limit(5, Duration.ofMinutes(10), ProcessSpec.Limit.Then.RETRY_SLOWLY),
            Set.of(0, 143),
            Set.of()),
        new ProcessSpec.Stop("TERM", Duration.ofSeconds(30)),
        new ProcessSpec.Logs(10 << 20, 10));
  }

  /** A promotion of {@code importer}, with its timeline. */
  public static Event promotion(long index) {
    return new Event(
        index,
        NOW,
        Optional.of(new ProcessName("importer")),
        Optional.of(InstanceId.parse("importer/2")),
        Optional.of(new HostName("host2")),
        Event.Kinds.PROMOTED,
        Optional.of("SIGNAL_9"),
        "importer/2 is active",
        Optional.of(
            new PromotionTimeline(
                "SIGNAL_9",
                new Epoch(42),
                Optional.of(InstanceId.parse("importer/1")),
                InstanceId.parse("importer/2"),
                Duration.ofNanos(2_100_000),
                Duration.ofNanos(5_800_000),
                Duration.ofNanos(9_400_000))));
  }

  @Override
  public synchronized CompletionStage<ClusterStatus> status() {
    return answer(
        "status",
        () -> {
          index++;
          later.removeIf(this::due);
          return ClusterStatus.judged(
              "test",
              index,
              NOW,
              new HostName("host1"),
              quorum,
              quorum.present() ? Optional.of(new HostName("host1")) : Optional.empty(),
              "balanced",
              List.of(host("host1"), host("host2"), host("host3")),
              List.copyOf(processes.values()));
        });
  }

  private boolean due(Later each) {
    if (index < each.looks()) {
      return false;
    }
    each.effect().run();
    return true;
  }

  @Override
  public synchronized CompletionStage<ProcessDescription> describe(ProcessName name) {
    return answer(
        "describe " + name,
        () -> {
          ProcessStatus process = known(name);
          List<InstanceDescription> instances =
              process.instances().stream()
                  .map(instance -> new InstanceDescription(instance, List.of(ended())))
                  .toList();
          return new ProcessDescription(
              NOW,
              index,
              process,
              spec(name),
              instances,
              Optional.of(
                  new CheckpointStatus(
                      new CheckpointRef(name, new Epoch(1), 7, Digest.of(new byte[] {1}), 2048),
                      NOW.minusSeconds(3))),
              List.of("importer/1 holds epoch 1 since 12:00:00"));
        });
  }

  private static EndedRun ended() {
    return new EndedRun(
        new RunId(AGENT, 99),
        NOW.minusSeconds(60),
        Duration.ofSeconds(5),
        "EXIT_1",
        List.of("first line", "cannot open the feed"));
  }

  @Override
  public synchronized CompletionStage<Optional<ActiveInstance>> activeHere(ProcessName name) {
    return answer("active " + name, () -> known(name).active());
  }

  @Override
  public synchronized CompletionStage<EventPage> events(EventQuery query) {
    long from = query.from().orElse(0L);
    List<Event> found = events.stream().filter(event -> event.index() >= from).toList();
    if (found.isEmpty() && !query.patience().isZero()) {
      calls.add("events, waiting");
      return follower;
    }
    return answer("events", () -> new EventPage(found, next(), false));
  }

  private long next() {
    return events.isEmpty() ? 1 : events.get(events.size() - 1).index() + 1;
  }

  @Override
  public synchronized CompletionStage<LogChunk> logs(LogQuery query) {
    return answer(
        "logs "
            + query.instance()
            + " "
            + query.stream()
            + (query.previous() ? " previous" : "")
            + query.since().map(time -> " since " + time.toSeconds()).orElse(""),
        () -> {
          if (query.instance().number() == 3) {
            throw Refusal.of(ErrorCode.TIMED_OUT, "host3 does not answer");
          }
          boolean more = query.from().isPresent();
          boolean end = query.from().equals(Optional.of("end"));
          return new LogChunk(
              query.instance(),
              new HostName("host" + query.instance().number()),
              Optional.of(new RunId(AGENT, 1)),
              query.stream(),
              end ? List.of() : more ? List.of("a later line") : List.of("a line", "another line"),
              Optional.of(more ? "end" : "1:12 &?"),
              false);
        });
  }

  @Override
  public synchronized CompletionStage<PlanResult> plan(PlanRequest request) {
    return answer("plan", () -> new PlanResult(index, changes(request)));
  }

  private List<Change> changes(PlanRequest request) {
    List<Change> changes = new ArrayList<>();
    for (ProcessSpec spec : request.processes()) {
      Optional<ProcessSpec> old = Optional.ofNullable(specs.get(spec.name()));
      Change.Action action =
          old.isEmpty()
              ? Change.Action.CREATE
              : old.get().equals(spec)
                  ? Change.Action.NONE
                  : old.get().program().equals(spec.program())
                      ? Change.Action.IN_PLACE
                      : Change.Action.RESTART;
      List<Problem> problems =
          placeable
              ? List.of()
              : List.of(new Problem(Problem.CANNOT_BE_PLACED, "no host has zone=a"));
      changes.add(
          new Change(
              spec.name(),
              action,
              action == Change.Action.RESTART ? List.of("command") : List.of(),
              2,
              problems));
    }
    if (request.prune()) {
      specs.keySet().stream()
          .filter(name -> request.processes().stream().noneMatch(one -> one.name().equals(name)))
          .forEach(
              name -> changes.add(new Change(name, Change.Action.REMOVE, List.of(), 0, List.of())));
    }
    return changes;
  }

  @Override
  public synchronized CompletionStage<ApplyResult> apply(ApplyRequest request) {
    requests.merge(request.requestId(), 1L, Long::sum);
    return change(
        "apply",
        () -> {
          List<Change> changes = changes(new PlanRequest(request.processes(), request.prune()));
          request.processes().forEach(spec -> specs.put(spec.name(), spec));
          for (Change change : changes) {
            if (change.action() == Change.Action.REMOVE) {
              specs.remove(change.process());
              soon(() -> processes.remove(change.process()));
            } else if (change.action() != Change.Action.NONE) {
              processes.putIfAbsent(change.process(), declared(spec(change.process())));
              soon(() -> restart(change.process(), 2));
            }
          }
          return new ApplyResult(2, index, changes);
        });
  }

  @Override
  public synchronized CompletionStage<ActionResult> act(
      ProcessName name, ActionRequest.Action action, ActionRequest request) {
    requests.merge(request.requestId(), 1L, Long::sum);
    return change(
        action + " " + name + request.target().map(host -> " to " + host).orElse(""),
        () -> {
          ProcessStatus process = known(name);
          switch (action) {
            case START -> {
              if (process.wanted() == Wanted.STOPPED
                  || process.mode() == ProcessSpec.Mode.ONE_SHOT) {
                processes.put(name, wanted(process, Wanted.RUNNING));
                soon(() -> restart(name, process.revision()));
              }
            }
            case STOP -> {
              processes.put(name, wanted(process, Wanted.STOPPED));
              soon(() -> processes.put(name, stopped(process)));
            }
            case RESTART -> soon(() -> restart(name, process.revision()));
            case SWITCHOVER -> soon(() -> processes.put(name, switched(process)));
          }
          return new ActionResult(name, true, index, name + ": accepted");
        });
  }

  @Override
  public synchronized CompletionStage<DoctorReport> doctor() {
    return answer(
        "doctor", () -> report.orElse(new DoctorReport(new HostName("host1"), List.of())));
  }

  @Override
  public synchronized CompletionStage<Readiness> readiness() {
    return answer(
        "readiness",
        () -> new Readiness(quorum.present(), quorum.present() ? "ready" : "no quorum"));
  }

  @Override
  public VersionInfo version() {
    return new VersionInfo("0.1.0", "v1", "17.0.15", "test", new HostName("host1"));
  }

  private <T> CompletionStage<T> answer(String call, Supplier<T> answer) {
    calls.add(call);
    if (silent) {
      return new CompletableFuture<>();
    }
    try {
      return CompletableFuture.completedStage(answer.get());
    } catch (Refusal refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  private <T> CompletionStage<T> change(String call, Supplier<T> answer) {
    if (refusal.isPresent()) {
      calls.add(call);
      return CompletableFuture.failedStage(refusal.get());
    }
    return answer(call, answer);
  }

  private void soon(Runnable effect) {
    if (!stuck) {
      later.add(new Later(index + 2, effect));
    }
  }

  private ProcessStatus known(ProcessName name) {
    ProcessStatus process = processes.get(name);
    if (process == null) {
      throw Refusal.of(ErrorCode.NOT_FOUND, "there is no process " + name);
    }
    return process;
  }

  private ProcessSpec spec(ProcessName name) {
    return Objects.requireNonNull(specs.get(name));
  }

  /** Known, and not placed yet. */
  private static ProcessStatus declared(ProcessSpec spec) {
    return new ProcessStatus(
        spec.name(),
        spec.mode(),
        Wanted.RUNNING,
        1,
        spec.replicas(),
        Epoch.NONE,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private void restart(ProcessName name, long revision) {
    processes.put(name, fresh(spec(name), revision));
  }

  private ProcessStatus fresh(ProcessSpec spec, long revision) {
    Optional<ProcessStatus> old = Optional.ofNullable(processes.get(spec.name()));
    Epoch epoch = new Epoch(old.map(before -> before.epoch().number()).orElse(0L) + 1);
    boolean hasActive = spec.mode() == ProcessSpec.Mode.ACTIVE_STANDBY;
    List<InstanceStatus> instances = new ArrayList<>();
    for (int number = 1; number <= spec.replicas(); number++) {
      InstanceState state =
          failing
              ? InstanceState.FAILED
              : !hasActive
                  ? InstanceState.READY
                  : number == 1 ? InstanceState.ACTIVE : InstanceState.STANDBY;
      instances.add(instance(new InstanceId(spec.name(), number), state));
    }
    InstanceId first = new InstanceId(spec.name(), 1);
    return new ProcessStatus(
        spec.name(),
        spec.mode(),
        Wanted.RUNNING,
        revision,
        spec.replicas(),
        epoch,
        hasActive && !failing
            ? Optional.of(new ActiveInstance(first, new HostName("host1"), epoch, NOW))
            : Optional.empty(),
        instances,
        List.of());
  }

  private InstanceStatus instance(InstanceId id, InstanceState state) {
    runs++;
    return new InstanceStatus(
        id,
        Optional.of(new HostName("host" + id.number())),
        Optional.of(new RunId(AGENT, runs)),
        Optional.of(4000 + runs),
        state,
        state == InstanceState.FAILED ? Optional.of("EXIT_1") : Optional.empty(),
        NOW.minusSeconds(200),
        0,
        state.good(),
        true,
        Optional.empty());
  }

  private static ProcessStatus wanted(ProcessStatus process, Wanted wanted) {
    return new ProcessStatus(
        process.name(),
        process.mode(),
        wanted,
        process.revision(),
        process.replicas(),
        process.epoch(),
        process.active(),
        process.instances(),
        process.problems());
  }

  private ProcessStatus stopped(ProcessStatus process) {
    return new ProcessStatus(
        process.name(),
        process.mode(),
        Wanted.STOPPED,
        process.revision(),
        process.replicas(),
        process.epoch(),
        Optional.empty(),
        process.instances().stream().map(one -> instance(one.id(), InstanceState.STOPPED)).toList(),
        List.of());
  }

  private static ProcessStatus switched(ProcessStatus process) {
    Epoch next = new Epoch(process.epoch().number() + 1);
    return new ProcessStatus(
        process.name(),
        process.mode(),
        process.wanted(),
        process.revision(),
        process.replicas(),
        next,
        Optional.of(
            new ActiveInstance(
                new InstanceId(process.name(), 2), new HostName("host2"), next, NOW)),
        process.instances(),
        List.of());
  }

  private static HostStatus host(String name) {
    return new HostStatus(
        new HostName(name),
        "127.0.0.1:7400",
        HostStatus.Role.VOTER,
        HostStatus.Presence.UP,
        Optional.of(NOW.minusSeconds(3600)),
        Optional.of("a1"));
  }
}
