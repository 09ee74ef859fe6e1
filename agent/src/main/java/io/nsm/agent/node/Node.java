package io.nsm.agent.node;

import io.nsm.agent.launch.ControlGroups;
import io.nsm.agent.launch.LaunchSettings;
import io.nsm.agent.launch.Launcher;
import io.nsm.agent.launch.OsLauncher;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Order;
import io.nsm.agent.link.Links;
import io.nsm.agent.link.SocketLinks;
import io.nsm.agent.probe.Prober;
import io.nsm.process.link.HostClock;
import io.nsm.process.link.OnLeaseLost;
import io.nsm.process.link.RunEnvironment;
import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.channel.jgroups.ChannelException;
import io.nsm.supervisor.channel.jgroups.ChannelSettings;
import io.nsm.supervisor.channel.jgroups.JGroupsChannel;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.config.HostAddress;
import io.nsm.supervisor.config.HostFacts;
import io.nsm.supervisor.control.Leader;
import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Ledger;
import io.nsm.supervisor.ledger.LedgerListener;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.ledger.raft.LedgerException;
import io.nsm.supervisor.ledger.raft.RaftConfig;
import io.nsm.supervisor.ledger.raft.RaftLedger;
import io.nsm.supervisor.ledger.raft.VoterStore;
import io.nsm.supervisor.loop.Loop;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.reconcile.Seen;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: the shell that gives {@link HostAgent} and {@link Leader} what happens, and does
 * what they decide.
 */
public final class Node implements LedgerHere, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** The shortest time in which something is looked at again. */
  private static final Duration TICK = Duration.ofMillis(50);

  private static final Duration SUBMIT = Duration.ofSeconds(5);
  private static final String MESSAGES = "nsm";

  private static final Duration REHEARSAL_AFTER = Duration.ofSeconds(2);

  /** After so many nearly all of their code is compiled. */
  private static final int REHEARSALS = 100;

  private static final Duration REHEARSAL_LIMIT = Duration.ofSeconds(2);

  private final AgentConfig config;
  private final Identity identity;
  private final HostEntry self;
  private final BootClock clock = new BootClock(HostClock.ofThisHost());
  private final Loop loop;
  private final Consumer<Throwable> fatal;
  private final JGroupsChannel channel;
  private final JGroupsChannel gridChannel;
  private final GridStart gridStart;
  private final CompletableFuture<Grid> grid;
  private final HostAgent agent;
  private final Leader leader;
  private final OsLauncher launcher;
  private final Prober prober = new Prober();
  private final Links links;
  private final Ledger ledger;
  private final Saves saves;
  private final EarlyFences fences;
  private final FirstWrites writes = new FirstWrites(this::state, this::say);
  private final Map<RunId, InstanceId> instances = new ConcurrentHashMap<>();
  private final Map<Epoch, Links.Saved> checkpoints = new ConcurrentHashMap<>();

  private final Thread rehearsal = new Thread(this::rehearse, "nsm-rehearsal");

  // Written by the loop, read by anybody.
  private volatile Replica.Change latest = new Replica.Replaced(-1, LedgerState.EMPTY);
  private volatile Optional<HostName> leaderName = Optional.empty();
  private volatile Set<HostName> reachable = Set.of();
  private volatile Optional<String> leaseProblem = Optional.empty();

  // Owned by the loop.
  private boolean leaseKept;

  /**
   * Starts an agent.
   *
   * @param fatal is told of what the agent cannot go on after; it is not expected to return
   * @throws StartException if it cannot start, with what to do
   */
  public static Node start(AgentConfig config, Consumer<Throwable> fatal) throws StartException {
    Identity identity = Identity.hold(config.dataDirectory());
    try {
      return new Node(config, identity, fatal);
    } catch (StartException | RuntimeException e) {
      try {
        identity.close();
      } catch (IOException secondary) {
        e.addSuppressed(secondary);
      }
      throw e;
    }
  }

  private Node(AgentConfig config, Identity identity, Consumer<Throwable> fatal)
      throws StartException {
    this.config = config;
    this.identity = identity;
    this.fatal = fatal;
    this.self =
        new HostEntry(
            identity.host(),
            config.host(),
            identity.incarnation(),
            Identity.bootId(),
            config.labels(),
            config.own().witness());
    this.loop = new Loop(this::tick, TICK, fatal);
    this.agent = new HostAgent(self, new AgentPorts(), clock.now());
    this.leader =
        new Leader(config.cluster(), config.lease(), LeaseTerms.CLOCK_ERROR, new LeaderPorts());
    Opening opening = new Opening();
    try {
      this.channel = opening.channel(HostAddress::controlPort, config.cluster());
      this.gridChannel = opening.channel(HostAddress::gridPort, config.cluster() + "/grid");
      // Before the ledger starts, which makes the mark that of a voter that took part.
      boolean fresh = VoterStore.isFresh(config.dataDirectory().resolve("ledger"));
      this.gridStart = new GridStart(config, gridChannel, fresh, fatal, clock.now());
      this.grid = gridStart.grid();
      this.fences = new EarlyFences(grid);
      this.launcher = opening.launcher();
      this.links = opening.links();
      this.ledger = opening.ledger();
    } catch (StartException | RuntimeException e) {
      opening.closeAll();
      throw e;
    }
    this.saves =
        new Saves(
            ledger,
            () -> grid,
            name -> state().process(name).flatMap(LedgerState.Process::checkpoint));
    adopt();
    channel.serve(MESSAGES, this::receive);
    channel.onView(
        view -> {
          reachable = Set.copyOf(view);
          loop.post(() -> leader.reachable(view));
        });
    loop.start();
    rehearsal.setDaemon(true);
    rehearsal.start();
  }

  /** Off the loop and a little after the start, which has enough to do itself. */
  private void rehearse() {
    try {
      TimeUnit.MILLISECONDS.sleep(REHEARSAL_AFTER.toMillis());
      launcher.rehearse();
      LOG.debug("went through {} promotions of nobody", Rehearsal.run(REHEARSALS, REHEARSAL_LIMIT));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.warn("the rehearsal failed; the first promotion will take longer", bug);
    }
  }

  /** Opens the parts one after the other, and closes those that were opened if one fails. */
  private final class Opening {
    private final java.util.ArrayDeque<AutoCloseable> opened = new java.util.ArrayDeque<>();

    JGroupsChannel channel(Function<HostAddress, Integer> port, String cluster)
        throws StartException {
      Map<HostName, InetSocketAddress> hosts = new LinkedHashMap<>();
      config
          .hosts()
          .forEach(
              (name, address) ->
                  hosts.put(name, new InetSocketAddress(address.address(), port.apply(address))));
      InetSocketAddress bind =
          new InetSocketAddress(config.own().address(), port.apply(config.own()));
      try {
        return keep(JGroupsChannel.open(new ChannelSettings(cluster, config.host(), bind, hosts)));
      } catch (ChannelException e) {
        throw new StartException(e);
      }
    }

    OsLauncher launcher() throws StartException {
      try {
        return keep(
            new OsLauncher(
                new LaunchSettings(
                    config.runDirectory(),
                    Path.of("").toAbsolutePath(),
                    config.javaHome(),
                    config.facts(),
                    groups(),
                    LaunchSettings.KEPT_RUNS),
                new Runs(),
                Clock.systemUTC()));
      } catch (IOException e) {
        throw new StartException(
            "runDirectory %s cannot be used: %s".formatted(config.runDirectory(), e), e);
      }
    }

    private ControlGroups groups() {
      ControlGroups groups = ControlGroups.open(config.runDirectory(), config.cgroup());
      groups.lacking().forEach(sentence -> LOG.warn("control groups: {}", sentence));
      OsLauncher.lackingUsers().ifPresent(sentence -> LOG.info("users: {}", sentence));
      return groups;
    }

    Links links() throws StartException {
      try {
        return keep(new SocketLinks(config.socket(), new FromProcesses()));
      } catch (IOException e) {
        throw new StartException(e);
      }
    }

    Ledger ledger() throws StartException {
      List<HostName> others =
          config.hosts().keySet().stream().filter(h -> !config.voters().contains(h)).toList();
      RaftConfig raft =
          new RaftConfig(
              config.cluster(),
              config.host(),
              config.voters(),
              others,
              config.dataDirectory().resolve("ledger"));
      Replica replica =
          new Replica(
              change -> {
                long now = clock.now();
                loop.post(() -> changed(change, now));
              });
      try {
        return keep(RaftLedger.start(raft, channel, replica, new Standing()));
      } catch (LedgerException e) {
        throw new StartException(e);
      }
    }

    private <T extends AutoCloseable> T keep(T part) {
      opened.push(part);
      return part;
    }

    void closeAll() {
      opened.forEach(Node::closeQuietly);
    }
  }

  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("{} did not close in order: {}", part.getClass().getSimpleName(), e.toString());
    }
  }

  private void adopt() throws StartException {
    LeaseTerms last = identity.lastLease().orElse(config.lease());
    Duration ttl =
        last.ttl().compareTo(config.lease().ttl()) > 0 ? last.ttl() : config.lease().ttl();
    List<Launcher.FoundRun> found = launcher.adopt();
    for (Launcher.FoundRun run : found) {
      instances.put(run.run(), run.instance());
      if (run.ended().isEmpty()) {
        Optional.ofNullable(run.environment().get(RunEnvironment.TOKEN))
            .ifPresent(token -> links.expect(run.run(), run.instance().process(), token));
        run.spec().resources().user().ifPresent(links::admit);
      }
    }
    long now = clock.now();
    loop.post(() -> agent.adopt(found, now + ttl.toNanos(), now));
  }

  private void tick() {
    long now = clock.now();
    leader.tick(now);
    agent.tick(now);
    gridStart.tick(now);
  }

  /** An entry was applied to this host's copy, or the copy was replaced. */
  private void changed(Replica.Change change, long at) {
    latest = change;
    keepLease();
    if (change instanceof Replica.Entry entry) {
      LOG.debug("applied {} {}: {}", entry.index(), entry.command(), entry.answer());
      leader.applied(entry, clock.now());
    } else if (change instanceof Replica.Replaced replaced) {
      leader.replaced(replaced, clock.now());
    }
    agent.ledger(change, clock.now());
  }

  /** The next agent of this host must know how long runs of this one may act. */
  private void keepLease() {
    Optional<LeaseTerms> lease = state().lease();
    if (leaseKept || lease.isEmpty()) {
      return;
    }
    leaseKept = true;
    if (!lease.get().equals(config.lease())) {
      String problem =
          "agent.yaml asks for the lease profile '%s', but the cluster has '%s', which holds"
              .formatted(config.lease().profile(), lease.get().profile());
      leaseProblem = Optional.of(problem);
      LOG.warn(problem);
    }
    try {
      identity.rememberLease(lease.get());
    } catch (IOException e) {
      fatal.accept(e);
    }
  }

  /** This member's part in the ledger. */
  private final class Standing implements LedgerListener {
    @Override
    public void leading(long term) {
      loop.post(
          () -> {
            leaderName = Optional.of(config.host());
            LOG.info("leads the ledger in term {}", term);
            leader.leading(term, clock.now());
            agent.leaderChanged(clock.now());
          });
    }

    @Override
    public void following(Optional<HostName> name) {
      loop.post(
          () -> {
            leader.following();
            leaderName = name;
            name.ifPresent(
                n -> {
                  LOG.info("follows {}", n);
                  agent.leaderChanged(clock.now());
                });
          });
    }

    @Override
    public void failed(String reason) {
      fatal.accept(new IllegalStateException("the ledger failed: " + reason));
    }
  }

  private final class LeaderPorts implements Leader.Ports {
    @Override
    public void append(Command command, long ticket) {
      LOG.debug("appends {}", command);
      ledger
          .append(Replica.encode(command))
          .thenAccept(
              outcome -> {
                if (outcome instanceof Ledger.Rejected) {
                  loop.post(() -> leader.rejected(ticket, clock.now()));
                } else if (outcome instanceof Ledger.Unknown unknown) {
                  LOG.warn("an entry of this leader is of unknown outcome: {}", unknown.reason());
                  loop.post(() -> leader.unknown(ticket, clock.now()));
                }
              });
    }

    @Override
    public void send(HostName to, Message message) {
      Node.this.send(to, message);
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis();
    }
  }

  private void send(HostName to, Message message) {
    if (to.equals(config.host())) {
      loop.post(() -> handle(message));
    } else {
      channel.send(to, MESSAGES, Json.bytes(message));
    }
  }

  private CompletionStage<byte[]> receive(HostName from, byte[] body) {
    try {
      Message message = Json.read(body, Message.class);
      loop.post(() -> handle(message));
    } catch (MalformedException e) {
      LOG.warn("{} sent what this build cannot read: {}", from, e.getMessage());
    }
    return CompletableFuture.completedFuture(new byte[0]);
  }

  private void handle(Message message) {
    long now = clock.now();
    LOG.debug("heard {}", message);
    if (message instanceof Message.Renewal renewal) {
      leader.receive(renewal, now);
    } else if (message instanceof Message.Report report) {
      leader.receive(report, now);
    } else if (message instanceof Message.GaveUp gaveUp) {
      leader.receive(gaveUp, now);
    } else if (message instanceof Message.Coming coming) {
      agent.receive(coming, now);
    } else if (message instanceof Message.Renewed renewed) {
      agent.receive(renewed, now);
    } else if (message instanceof Message.Turns turns) {
      agent.receive(turns, now);
    } else if (message instanceof Message.Notice notice) {
      agent.receive(notice, now);
    } else if (message instanceof Message.TurnedAway away) {
      LOG.warn("not admitted: {}", away.why());
      agent.receive(away, now);
    }
  }

  private final class AgentPorts implements HostAgent.Ports {
    @Override
    public void submit(Command command, long ticket) {
      LOG.debug("submits {}", command);
      Node.this
          .submit(command)
          .thenAccept(
              answer ->
                  loop.post(
                      () ->
                          answer.ifPresentOrElse(
                              a -> agent.answered(ticket, a.answer(), clock.now()),
                              () -> agent.unanswered(ticket, clock.now()))));
    }

    @Override
    public void tellLeader(Message message) {
      leaderName.ifPresent(name -> send(name, message));
    }

    @Override
    public void perform(InstanceId instance, Order order) {
      Node.this.perform(instance, order);
    }

    @Override
    public void fence(ProcessName process, Epoch over) {
      fences.raise(process, over);
    }

    @Override
    public void prepare(
        Grant.Held grant,
        boolean writes,
        Optional<Epoch> replaces,
        Optional<CheckpointRef> checkpoint,
        Optional<byte[]> inline) {
      ProcessName process = grant.instance().process();
      new Preparation(
              grid,
              grant,
              checkpoint,
              inline,
              writes,
              replaces.flatMap(over -> fences.raised(process, over)))
          .run()
          .whenComplete(
              (prepared, failure) ->
                  loop.post(
                      () -> {
                        if (failure != null) {
                          agent.unprepared(grant, Preparation.why(failure), clock.now());
                        } else {
                          prepared.ifPresent(saved -> checkpoints.put(grant.epoch(), saved));
                          agent.prepared(grant, clock.now());
                        }
                      }));
    }

    @Override
    public void forget(RunId run) {
      launcher.forget(run);
      instances.remove(run);
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis();
    }

    @Override
    public double chance() {
      return ThreadLocalRandom.current().nextDouble();
    }
  }

  @Override
  public CompletionStage<Optional<Replica.Answered>> submit(Command command) {
    return ledger
        .submit(Replica.encode(command), SUBMIT)
        .thenApply(
            outcome ->
                outcome instanceof Ledger.Done done
                    ? Optional.of(Replica.answered(done.answer()))
                    : Optional.empty());
  }

  private void say(Command.Writes word, Consumer<Optional<Answer>> then) {
    LOG.debug("submits {}", word);
    submit(word)
        .thenAccept(
            answered -> loop.post(() -> then.accept(answered.map(Replica.Answered::answer))));
  }

  private void perform(InstanceId instance, Order order) {
    LOG.debug("{}: {}", instance, order);
    if (order instanceof Order.Launch launch) {
      launch(instance, launch);
    } else if (order instanceof Order.Signal signal) {
      launcher.signal(signal.run(), signal.signal());
    } else if (order instanceof Order.Kill kill) {
      launcher.kill(kill.run());
    } else if (order instanceof Order.Activate activate) {
      links.activate(
          activate.run(),
          activate.epoch(),
          clock.deadline(activate.deadline()),
          Optional.ofNullable(checkpoints.remove(activate.epoch())));
    } else if (order instanceof Order.Extend extend) {
      links.extend(extend.run(), extend.epoch(), clock.deadline(extend.deadline()));
    } else if (order instanceof Order.Deactivate deactivate) {
      links.deactivate(deactivate.run(), deactivate.epoch());
    } else if (order instanceof Order.KillHung hung) {
      launcher.killHung(hung.run());
    } else if (order instanceof Order.Check check) {
      check(check);
    } else {
      throw new IllegalStateException("an order for the shell that it does not know: " + order);
    }
  }

  private void check(Order.Check check) {
    RunId run = check.run();
    probe(check)
        .thenAccept(
            failure -> {
              if (instances.containsKey(run)) {
                happened(run, new Event.Probed(run, check.kind(), check.number(), failure));
              }
            });
  }

  private CompletionStage<Optional<String>> probe(Order.Check check) {
    return config
        .facts()
        .fill(check.spec())
        .match(
            new HostFacts.Filling.Cases<>() {
              @Override
              public CompletionStage<Optional<String>> filled(HostFacts.Filled filled) {
                return prober.look(
                    filled.spec().probes().of(check.kind()).orElseThrow(),
                    (words, timeout) -> launcher.examine(check.run(), words, timeout));
              }

              @Override
              public CompletionStage<Optional<String>> lacking(HostFacts.Lacking lacking) {
                return CompletableFuture.completedFuture(
                    Optional.of("this host does not have " + lacking.facts()));
              }
            });
  }

  private void launch(InstanceId instance, Order.Launch launch) {
    String token = Identity.token();
    var spec = launch.goal().spec();
    Map<String, String> environment =
        new HashMap<>(
            new RunEnvironment(
                    config.socket().toString(),
                    token,
                    launch.run().toString(),
                    instance.process().name(),
                    instance.number(),
                    config.host().name(),
                    spec.ports(),
                    OnLeaseLost.valueOf(spec.activeStandby().onLeaseLost().name()))
                .variables());
    environment.put(HostAgent.RESTARTS_KEY, Long.toString(launch.goal().restarts()));
    environment.put(HostAgent.RESTARTED_KEY, Integer.toString(agent.restarted(instance)));
    if (launch.goal().exclusive()) {
      environment.put("NSM_ROLE", launch.epoch().isPresent() ? "active" : "standby");
    }
    launch.epoch().ifPresent(epoch -> environment.put("NSM_EPOCH", epoch.toString()));
    instances.put(launch.run(), instance);
    links.expect(launch.run(), instance.process(), token);
    spec.resources().user().ifPresent(links::admit);
    LOG.info("starts {} (run {})", instance, launch.run());
    launcher.launch(instance, launch.run(), spec, environment);
  }

  /** Posts what happened to a run, if the run is known. */
  private void happened(RunId run, Event event) {
    InstanceId instance = instances.get(run);
    if (instance == null) {
      LOG.warn("heard of run {}, which nobody launched here: {}", run, event);
      return;
    }
    LOG.debug("{}: {}", instance, event);
    loop.post(() -> agent.happened(instance, event, clock.now()));
  }

  /** What becomes of runs. */
  private final class Runs implements Launcher.RunListener {
    @Override
    public void launched(RunId run, long pid) {
      happened(run, new Event.Launched(run, pid));
    }

    @Override
    public void launchFailed(RunId run, String reason) {
      LOG.warn("run {} was not started: {}", run, reason);
      happened(run, new Event.LaunchFailed(run, reason));
      ended(run);
    }

    @Override
    public void exited(RunId run, Launcher.ExitStatus status) {
      LOG.info("run {} of {} ended: {}", run, instances.get(run), status.reason());
      happened(
          run,
          new Event.Exited(
              run,
              status.code(),
              status.reason(),
              System.currentTimeMillis(),
              ThreadLocalRandom.current().nextDouble()));
      ended(run);
    }

    @Override
    public void dropped(RunId run, long bytes) {
      Optional.ofNullable(instances.get(run))
          .ifPresent(
              instance -> loop.post(() -> agent.outputDropped(instance, run, bytes, clock.now())));
    }

    private void ended(RunId run) {
      links.dismiss(run);
      launcher.forget(run);
      instances.remove(run);
    }
  }

  /** What processes say. */
  private final class FromProcesses implements Links.LinkListener {
    @Override
    public void connected(RunId run, long pid, Optional<Epoch> acting) {
      happened(run, new Event.Connected(run, pid, acting));
    }

    @Override
    public void ready(RunId run) {
      happened(run, new Event.Ready(run));
    }

    @Override
    public void activated(RunId run, Epoch epoch) {
      happened(run, new Event.Activated(run, epoch));
    }

    @Override
    public void deactivated(RunId run, Epoch epoch) {
      happened(run, new Event.Deactivated(run, epoch));
    }

    @Override
    public void save(RunId run, long correlation, Epoch epoch, long sequence, byte[] bytes) {
      InstanceId instance = instances.get(run);
      if (instance == null) {
        links.answerSave(run, correlation, Links.SaveAnswer.TERM_ENDED);
        return;
      }
      saves
          .save(instance.process(), epoch, sequence, bytes)
          .whenComplete(
              (answer, failure) -> {
                if (failure != null) {
                  LOG.warn("a save of {} failed", instance, failure);
                }
                links.answerSave(
                    run, correlation, failure == null ? answer : Links.SaveAnswer.UNKNOWN);
              });
    }

    @Override
    public void map(RunId run, long correlation, MapOperation operation) {
      loop.post(
          () -> {
            if (!agent.leased(clock.now())) {
              links.answerMap(
                  run,
                  correlation,
                  new MapResult.Unknown(
                      "this host's lease is over: its agent hears of no majority"));
              return;
            }
            writes.admit(
                operation,
                refusal ->
                    refusal.ifPresentOrElse(
                        result -> links.answerMap(run, correlation, result),
                        () -> perform(run, correlation, operation)));
          });
    }

    private void perform(RunId run, long correlation, MapOperation operation) {
      grid.thenCompose(g -> g.perform(operation))
          .whenComplete(
              (result, failure) ->
                  links.answerMap(
                      run,
                      correlation,
                      failure == null
                          ? result
                          : new MapResult.Unknown(String.valueOf(failure.getMessage()))));
    }

    @Override
    public void completed(RunId run) {
      happened(run, new Event.Completed(run));
    }

    @Override
    public void failed(RunId run, String reason) {
      happened(run, new Event.SaidWhy(run, reason));
    }

    @Override
    public void heartbeat(RunId run) {
      happened(run, new Event.Heard(run));
    }

    @Override
    public void disconnected(RunId run) {
      loop.post(() -> agent.linkBroke(run, clock.now()));
    }
  }

  @Override
  public AgentConfig config() {
    return config;
  }

  @Override
  public Replica.Change latest() {
    return latest;
  }

  /** The leader, if one is known. */
  public Optional<HostName> leader() {
    return leaderName;
  }

  @Override
  public Set<HostName> reachable() {
    return reachable;
  }

  /** The channel between agents, for further services. */
  public Channel channel() {
    return channel;
  }

  /** The runs of this host. */
  public OsLauncher launcher() {
    return launcher;
  }

  /** The grid, once it has started. */
  public CompletionStage<Grid> grid() {
    return grid;
  }

  /** Whether shared data can be used: {@code available}, or what is wrong. */
  String gridHealth() {
    return grid.isDone() && !grid.isCompletedExceptionally() ? grid.join().health() : "starting";
  }

  /** What the leader sees of all hosts; empty unless this member leads. */
  public CompletionStage<Optional<Seen>> view() {
    return loop.ask(() -> leader.view(clock.now()));
  }

  /** What runs here. */
  public CompletionStage<List<InstanceReport>> instances() {
    return loop.ask(() -> agent.instances(clock.now()));
  }

  /** Whether this host may act: it was answered not long ago. */
  public CompletionStage<Boolean> leased() {
    return loop.ask(() -> agent.leased(clock.now()));
  }

  /** What stands between this agent and its cluster, if anything does. */
  public CompletionStage<List<String>> problems() {
    return loop.ask(
        () ->
            java.util.stream.Stream.of(agent.turnedAway(), leaseProblem)
                .flatMap(Optional::stream)
                .toList());
  }

  /** Ends every instance in order and gives up every grant; how far that is. */
  public CompletionStage<Departure.Stage> drain() {
    loop.post(() -> agent.drain(clock.now()));
    return loop.ask(
        () ->
            agent.drained()
                ? Departure.Stage.DONE
                : agent.quiet() ? Departure.Stage.QUIET : Departure.Stage.BUSY);
  }

  /** Whether a majority of the voters can be reached. */
  public boolean majority() {
    return config.voters().stream().filter(reachable::contains).count()
        > config.voters().size() / 2;
  }

  /** Ends the agent and leaves its processes alone; the next agent takes them over. */
  @Override
  public void close() {
    rehearsal.interrupt();
    loop.close();
    closeQuietly(ledger);
    closeQuietly(links);
    grid.thenAccept(Node::closeQuietly);
    closeQuietly(prober);
    closeQuietly(launcher);
    closeQuietly(channel);
    closeQuietly(gridChannel);
    closeQuietly(identity);
  }
}
