package io.nsm.agent.node;

import io.nsm.agent.doctor.ClusterChecks;
import io.nsm.agent.doctor.HostChecks;
import io.nsm.agent.http.Operations;
import io.nsm.agent.http.Refusal;
import io.nsm.agent.launch.OsLauncher;
import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ActiveInstance;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.CheckpointStatus;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.DoctorReport;
import io.nsm.supervisor.api.EndedRun;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.InstanceDescription;
import io.nsm.supervisor.api.InstanceStatus;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.PlanRequest;
import io.nsm.supervisor.api.PlanResult;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.api.Readiness;
import io.nsm.supervisor.api.VersionInfo;
import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What can be asked of a running agent, and told to it. */
public final class ClusterOperations implements Operations {

  /** How long another agent may take to say what only it knows. */
  private static final Duration ASK = Duration.ofMillis(1500);

  private static final long LOOK_AGAIN_MILLIS = 100;
  private static final String VIEW = "view";
  private static final String LOGS = "logs";
  private static final String ENDED = "ended";

  private final Node node;
  private final HostLogs logs;
  private final OperatorWishes wishes;
  private final String version;

  /** Serves what other agents ask of this one, from then on. */
  public ClusterOperations(Node node, String version) {
    this.node = node;
    this.version = version;
    this.logs = new HostLogs(node.config().host(), node.launcher(), Clock.systemUTC());
    this.wishes = new OperatorWishes(node, this::view);
    node.channel().serve(VIEW, (from, body) -> ownView().thenApply(Json::bytes));
    node.channel()
        .serve(
            LOGS,
            (from, body) ->
                answer(
                    body,
                    LogQuery.class,
                    query -> CompletableFuture.completedFuture(logs.read(query))));
    node.channel().serve(ENDED, (from, body) -> answer(body, InstanceId.class, this::endedHere));
  }

  /** What the hosts say of their instances, and how far the copy is of whom was asked. */
  record Reports(long index, Map<HostId, List<InstanceReport>> byHost) {}

  /** What one instance's ended runs left. */
  record EndedRuns(List<EndedRun> runs) {}

  private static <Q, A> CompletionStage<byte[]> answer(
      byte[] body, Class<Q> type, Function<Q, CompletionStage<A>> question) {
    try {
      return question.apply(Json.read(body, type)).thenApply(Json::bytes);
    } catch (MalformedException | Refusal e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The leader knows of all hosts, another agent of itself. */
  private CompletionStage<Reports> ownView() {
    return node.view()
        .thenCombine(
            node.instances(),
            (seen, own) -> {
              Map<HostId, List<InstanceReport>> reports = new HashMap<>();
              seen.ifPresent(s -> s.hosts().forEach((id, host) -> reports.put(id, host.reports())));
              Replica.Change copy = node.latest();
              copy.state()
                  .host(node.config().host())
                  .ifPresent(self -> reports.put(self.id(), own));
              return new Reports(copy.index(), reports);
            });
  }

  private CompletionStage<ClusterView> view() {
    CompletionStage<Reports> own = ownView();
    Optional<HostName> leader = node.leader().filter(name -> !name.equals(node.config().host()));
    CompletionStage<Reports> reports =
        leader.isEmpty()
            ? own
            : node.channel()
                .ask(leader.get(), VIEW, new byte[0], ASK)
                .thenApply(bytes -> Json.readOwn(bytes, Reports.class))
                .exceptionally(silent -> new Reports(-1, Map.of()))
                .thenCombine(
                    own,
                    (all, here) -> {
                      Map<HostId, List<InstanceReport>> both = new HashMap<>(all.byHost());
                      both.putAll(here.byHost());
                      return new Reports(all.index(), both);
                    });
    return reports.thenApply(
        r -> {
          Replica.Change copy = node.latest();
          return new ClusterView(
              node.config(),
              copy.state(),
              copy.index(),
              node.leader(),
              node.reachable(),
              r.index(),
              r.byHost(),
              Instant.now());
        });
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    return view().thenApply(ClusterView::status);
  }

  @Override
  public CompletionStage<ProcessDescription> describe(ProcessName name) {
    return view()
        .thenCompose(
            view -> {
              LedgerState.Process process = declared(view.state(), name);
              List<InstanceStatus> instances = view.process(process).instances();
              List<CompletionStage<EndedRuns>> ended = instances.stream().map(this::ended).toList();
              return all(ended).thenApply(runs -> description(view, process, instances, runs));
            });
  }

  private static ProcessDescription description(
      ClusterView view,
      LedgerState.Process process,
      List<InstanceStatus> instances,
      List<EndedRuns> runs) {
    List<InstanceDescription> described = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      described.add(new InstanceDescription(instances.get(i), runs.get(i).runs()));
    }
    return new ProcessDescription(
        view.at(),
        view.index(),
        view.process(process),
        process.spec(),
        described,
        process
            .checkpoint()
            .map(ref -> new CheckpointStatus(ref, Instant.ofEpochMilli(process.savedAtMillis()))),
        view.why(process));
  }

  private CompletionStage<EndedRuns> ended(InstanceStatus instance) {
    if (instance.host().equals(Optional.of(node.config().host()))) {
      return endedHere(instance.id());
    }
    if (instance.host().isEmpty() || !node.reachable().contains(instance.host().get())) {
      return CompletableFuture.completedFuture(new EndedRuns(List.of()));
    }
    return node.channel()
        .ask(instance.host().get(), ENDED, Json.bytes(instance.id()), ASK)
        .thenApply(bytes -> Json.readOwn(bytes, EndedRuns.class))
        .exceptionally(silent -> new EndedRuns(List.of()));
  }

  private CompletionStage<EndedRuns> endedHere(InstanceId instance) {
    return node.instances()
        .thenApply(
            reports ->
                new EndedRuns(
                    reports.stream()
                        .filter(report -> report.instance().equals(instance))
                        .findFirst()
                        .map(report -> logs.ended(instance, report.exits()))
                        .orElse(List.of())));
  }

  private static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    CompletionStage<List<T>> all = CompletableFuture.completedFuture(List.of());
    for (CompletionStage<T> stage : stages) {
      all =
          all.thenCombine(
              stage,
              (list, value) -> {
                List<T> longer = new ArrayList<>(list);
                longer.add(value);
                return longer;
              });
    }
    return all;
  }

  static LedgerState.Process declared(LedgerState state, ProcessName name) {
    return state
        .process(name)
        .orElseThrow(
            () ->
                Refusal.of(
                    ErrorCode.NOT_FOUND,
                    "there is no process '" + name + "'",
                    state.processes().isEmpty()
                        ? "none is declared: nsmctl apply -f FILE"
                        : "declared are " + state.processes().keySet().stream().sorted().toList()));
  }

  @Override
  public CompletionStage<Optional<ActiveInstance>> activeHere(ProcessName name) {
    return view()
        .thenCombine(
            node.leased(),
            (view, leased) ->
                leased
                    ? view.active(declared(view.state(), name))
                        .filter(active -> active.host().equals(node.config().host()))
                    : Optional.empty());
  }

  @Override
  public CompletionStage<EventPage> events(EventQuery query) {
    long from = query.from().orElseGet(() -> EventPages.newest(node.state(), query.limit()));
    return waiting(query.patience(), () -> EventPages.of(node.state(), from, query.limit()))
        .thenApply(Function.identity());
  }

  /** Looks until there is an event or the patience is over. */
  private static CompletionStage<EventPage> waiting(Duration patience, Supplier<EventPage> look) {
    EventPage page = look.get();
    if (!page.events().isEmpty() || patience.isZero() || patience.isNegative()) {
      return CompletableFuture.completedFuture(page);
    }
    return later(() -> waiting(patience.minusMillis(LOOK_AGAIN_MILLIS), look));
  }

  private static <T> CompletionStage<T> later(Supplier<CompletionStage<T>> what) {
    Executor pause = CompletableFuture.delayedExecutor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(what, pause).thenCompose(stage -> stage);
  }

  @Override
  public CompletionStage<LogChunk> logs(LogQuery query) {
    LedgerState state = node.state();
    LedgerState.Process process = declared(state, query.instance().process());
    HostId place = process.placements().get(query.instance().number());
    Optional<HostName> host = Optional.ofNullable(place).flatMap(state::host).map(HostEntry::name);
    if (host.isEmpty()) {
      throw Refusal.of(
          ErrorCode.NOT_FOUND,
          query.instance() + " is on no host",
          "it has instances " + process.placements().keySet().stream().sorted().toList());
    }
    return chunk(host.get(), query)
        .thenCompose(
            chunk -> {
              boolean wait = chunk.lines().isEmpty() && query.patience().toMillis() > 0;
              if (!wait) {
                return CompletableFuture.completedFuture(chunk);
              }
              LogQuery rest =
                  new LogQuery(
                      query.instance(),
                      query.stream(),
                      query.previous(),
                      query.lines(),
                      chunk.next().or(query::from),
                      chunk.next().isPresent() ? Optional.empty() : query.since(),
                      query.patience().minusMillis(LOOK_AGAIN_MILLIS));
              return later(() -> logs(rest));
            });
  }

  private CompletionStage<LogChunk> chunk(HostName host, LogQuery query) {
    if (host.equals(node.config().host())) {
      return CompletableFuture.completedFuture(logs.read(query));
    }
    return node.channel()
        .ask(host, LOGS, Json.bytes(query), ASK)
        .thenApply(bytes -> Json.readOwn(bytes, LogChunk.class))
        .exceptionally(
            failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              if (cause instanceof Channel.RefusedException) {
                throw Refusal.of(ErrorCode.INTERNAL, host + ": " + cause.getMessage());
              }
              throw Refusal.of(
                  ErrorCode.NO_QUORUM, "host " + host + " does not answer, its output is there");
            });
  }

  @Override
  public CompletionStage<PlanResult> plan(PlanRequest request) {
    return CompletableFuture.completedFuture(wishes.plan(request));
  }

  @Override
  public CompletionStage<ApplyResult> apply(ApplyRequest request) {
    return wishes.apply(request);
  }

  @Override
  public CompletionStage<ActionResult> act(
      ProcessName name, ActionRequest.Action action, ActionRequest request) {
    return wishes.act(name, action, request);
  }

  @Override
  public CompletionStage<DoctorReport> doctor() {
    return status()
        .thenCombine(
            node.problems(),
            (status, problems) -> {
              List<DoctorReport.Check> checks = new ArrayList<>(ClusterChecks.of(status));
              checks.addAll(own(problems));
              return checks;
            })
        .thenApplyAsync(
            checks -> {
              AgentConfig config = node.config();
              checks.addAll(
                  HostChecks.ofThisHost(config.dataDirectory(), config.runDirectory(), java(config))
                      .all());
              checks.add(LaunchChecks.groups(node.launcher().groups()));
              checks.add(LaunchChecks.users(OsLauncher.lackingUsers()));
              return new DoctorReport(config.host(), checks);
            });
  }

  /** What only the agent itself knows. */
  private List<DoctorReport.Check> own(List<String> problems) {
    List<DoctorReport.Check> checks = new ArrayList<>();
    for (String problem : problems) {
      checks.add(
          new DoctorReport.Check(
              "lease",
              DoctorReport.Verdict.WARN,
              problem,
              Optional.of("compare agent.yaml with that of the other hosts")));
    }
    String health = node.gridHealth();
    checks.add(
        health.equals("available")
            ? new DoctorReport.Check(
                "grid",
                DoctorReport.Verdict.OK,
                "shared maps and checkpoints are available",
                Optional.empty())
            : new DoctorReport.Check(
                "grid",
                DoctorReport.Verdict.WARN,
                "the grid is " + health,
                Optional.of("see quorum and hosts")));
    return checks;
  }

  /** The program that runs processes which declare no JDK of their own. */
  private static Path java(AgentConfig config) {
    return config
        .javaHome()
        .orElseGet(() -> Path.of(System.getProperty("java.home")))
        .resolve("bin/java");
  }

  @Override
  public CompletionStage<Readiness> readiness() {
    return node.leased()
        .thenCombine(
            node.problems(),
            (leased, problems) ->
                leased && problems.isEmpty()
                    ? new Readiness(true, "joined, and its lease is valid")
                    : new Readiness(
                        leased,
                        problems.isEmpty()
                            ? "its lease is not valid: no majority of voters answers"
                            : String.join("; ", problems)));
  }

  @Override
  public VersionInfo version() {
    return new VersionInfo(
        version,
        "v1",
        System.getProperty("java.version", "unknown"),
        node.config().cluster(),
        node.config().host());
  }
}
