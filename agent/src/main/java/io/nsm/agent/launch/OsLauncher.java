package io.nsm.agent.launch;

import io.nsm.agent.launch.ProgramStart.Started;
import io.nsm.process.link.RunEnvironment;
import io.nsm.supervisor.config.HostFacts;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs as Linux processes: docs/decisions/0005-launching.md. Runs that know the link outlive this
 * launcher and are adopted by the next one; commands end with the agent.
 */
public final class OsLauncher implements Launcher, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OsLauncher.class);
  private static final long LOG_LOOK_MILLIS = 250;
  private static final RunId NOBODY = new RunId(new Incarnation("nobody"), 1);

  /** Each looks at every process of the host, so few are enough. */
  private static final int REHEARSALS = 5;

  private final LaunchSettings settings;
  private final RunListener listener;
  private final Clock clock;
  private final String boot;
  private final RunDirectories directories;
  private final Map<RunId, LiveRun> live = new ConcurrentHashMap<>();
  private final ScheduledExecutorService spawning = new LaunchThreads("nsm-spawn", 1);
  private final ScheduledExecutorService ending = new LaunchThreads("nsm-endings", 2);
  private final ScheduledExecutorService logging = new LaunchThreads("nsm-logs", 1);
  private final ScheduledExecutorService dumping = new LaunchThreads("nsm-dumps", 4);
  private final Examination examination = new Examination();
  private final ProgramStart programs;
  private final Endings endings;
  private final AdoptedWatch adopted;

  /**
   * Prepares the run directory.
   *
   * @throws IOException if it cannot be written to
   */
  public OsLauncher(LaunchSettings settings, RunListener listener, Clock clock) throws IOException {
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    this.directories = new RunDirectories(settings.runDirectory());
    this.programs = new ProgramStart(settings.runDirectory(), ending);
    this.endings = new Endings(ending, this::confirmed);
    this.adopted = new AdoptedWatch(endings::end);
    adopted.start();
    var unused =
        logging.scheduleWithFixedDelay(
            this::rotateLogs, LOG_LOOK_MILLIS, LOG_LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void launch(
      InstanceId instance, RunId run, ProcessSpec spec, Map<String, String> environment) {
    Order order = new Order(instance, run, spec, environment, clock.instant(), boot);
    spawning.execute(() -> launch(order));
  }

  /** Looks through the host's processes as at an end, which then finds its code compiled. */
  public void rehearse() {
    Session nobodys = new Session(new Pid(Long.MAX_VALUE, 0), NOBODY, true);
    for (int times = 0; times < REHEARSALS; times++) {
      nobodys.members();
    }
  }

  private void launch(Order order) {
    RunFiles files = directories.files(order.instance(), order.run());
    LiveRun run;
    try {
      Started started = start(order, files);
      run = LiveRun.of(order, files, started.pids(), Optional.of(started.parent()));
    } catch (CannotLaunchException e) {
      log.warn("{} run {} cannot be launched: {}", order.instance(), order.run(), e.reason());
      discard(files);
      listener.launchFailed(order.run(), e.reason());
      return;
    }
    live.put(order.run(), run);
    listener.launched(order.run(), run.pids().program().number());
    var unused = run.parent().orElseThrow().onExit().thenRun(() -> endings.end(run));
  }

  private Started start(Order order, RunFiles files) {
    ProcessSpec spec = filled(order.spec());
    Map<String, String> environment =
        LaunchEnvironment.of(order.run(), spec, System.getenv(), order.environment());
    LaunchPlan plan = LaunchPlan.of(settings, spec, environment, files.directory());
    PortCheck.requireFree(spec, settings.facts());
    try {
      directories.create(files);
      if (plan.user().isPresent()) {
        directories.letIn(files, plan.user().get());
      }
      files.writeOrder(order);
      files.writeGroups(settings.groups().create(order.run(), spec.resources()));
    } catch (IOException e) {
      throw new CannotLaunchException(
          "cannot prepare the run in "
              + files.directory()
              + " on host "
              + settings.facts().name()
              + ": "
              + e
              + "; is its disk full, or not ours to write?");
    }
    return programs.start(files, plan);
  }

  private ProcessSpec filled(ProcessSpec spec) {
    return settings
        .facts()
        .fill(spec)
        .match(
            new HostFacts.Filling.Cases<>() {
              @Override
              public ProcessSpec filled(HostFacts.Filled filled) {
                return filled.spec();
              }

              @Override
              public ProcessSpec lacking(HostFacts.Lacking lacking) {
                throw new CannotLaunchException(
                    "processes."
                        + spec.name()
                        + ": host "
                        + settings.facts().name()
                        + " does not have "
                        + lacking.facts()
                        + "; its labels are "
                        + new TreeMap<>(settings.facts().labels()));
              }
            });
  }

  @Override
  public void signal(RunId run, String signal) {
    // Behind the run's launch, if that is still to come.
    spawning.execute(
        () ->
            Optional.ofNullable(live.get(run))
                .ifPresent(found -> Signals.send(found.pids().program(), signal)));
  }

  @Override
  public void kill(RunId run) {
    Optional<LiveRun> found = Optional.ofNullable(live.get(run));
    if (found.isPresent()) {
      endings.end(found.get());
    } else {
      spawning.execute(() -> Optional.ofNullable(live.get(run)).ifPresent(endings::end));
    }
  }

  @Override
  public void killHung(RunId run) {
    Optional<LiveRun> found = Optional.ofNullable(live.get(run));
    if (found.isEmpty()) {
      kill(run);
      return;
    }
    dumping.execute(
        () -> {
          found.get().files().dumpThreads(found.get().pids().program());
          endings.end(found.get());
        });
  }

  @Override
  public CompletionStage<Optional<String>> examine(
      RunId run, List<String> words, Duration timeout) {
    LiveRun found = live.get(run);
    if (found == null) {
      return CompletableFuture.completedFuture(Optional.of("the run has ended"));
    }
    Map<String, String> environment =
        LaunchEnvironment.of(
            run, filled(found.order().spec()), System.getenv(), found.order().environment());
    environment.remove(RunEnvironment.TOKEN);
    return examination.run(run, words, environment, timeout);
  }

  /** On the thread that saw that nothing is left. */
  private void confirmed(LiveRun run) {
    RunId id = run.order().run();
    new LastLook(run.files(), run.groups()).take();
    ExitStatus status = run.files().end(run.exitCode());
    live.remove(id);
    listener.exited(id, status);
  }

  @Override
  public List<FoundRun> adopt() {
    Adoption found;
    try {
      found = Adoption.scan(directories, boot);
      settings.groups().sweep();
      for (LiveRun run : found.living()) {
        live.put(run.order().run(), run);
        adopted.add(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the runs under " + settings.runDirectory(), e);
    }
    return found.runs();
  }

  @Override
  public void forget(RunId run) {
    logging.execute(() -> forgetEnded(run));
  }

  private void forgetEnded(RunId run) {
    try {
      Optional<RunFiles> files = directories.find(run);
      if (files.isEmpty() || live.containsKey(run)) {
        return;
      }
      files.get().forget();
      directories.prune(files.get().instance(), settings.keptRuns());
    } catch (IOException e) {
      // It will be found again by the next agent, and forgotten then.
      log.warn("cannot clear the directory of run {}: {}", run, e.toString());
    }
  }

  @Override
  public List<String> tail(RunId run, int lines) {
    try {
      Optional<RunLogs> logs = logs(run);
      return logs.isPresent() ? logs.get().tail(lines) : List.of();
    } catch (IOException e) {
      return List.of("(its output cannot be read: " + e + ")");
    }
  }

  /** The output of a run, as long as it is kept. */
  public Optional<RunLogs> logs(RunId run) throws IOException {
    Optional<LiveRun> living = Optional.ofNullable(live.get(run));
    return living.isPresent() ? living.map(LiveRun::logs) : directories.logs(run);
  }

  /** The runs of an instance whose output is kept, newest first. */
  public List<RunRecord> runs(InstanceId instance) throws IOException {
    return directories.runs(instance);
  }

  /** Why runs cannot have a user of their own; empty if they can. */
  public static Optional<String> lackingUsers() {
    return RunUser.lacking();
  }

  /** The control groups that runs are kept in. */
  public ControlGroups groups() {
    return settings.groups();
  }

  /** Lets go of all runs, as when the agent ends: commands end, the others live on. */
  @Override
  public void close() throws IOException {
    spawning.shutdown();
    ending.shutdownNow();
    logging.shutdownNow();
    dumping.shutdownNow();
    examination.close();
    adopted.close();
    for (LiveRun run : live.values()) {
      if (run.parent().isPresent()) {
        run.parent().get().getOutputStream().close();
      }
    }
    settings.groups().leave();
  }

  private void rotateLogs() {
    for (LiveRun run : live.values()) {
      run.logs().mark(clock.millis());
      run.logs().rotate(run.order().spec().logs());
      run.logs()
          .newlyDropped(clock.millis())
          .ifPresent(bytes -> listener.dropped(run.order().run(), bytes));
    }
  }

  private void discard(RunFiles files) {
    try {
      files.groups().removeIfEmpty();
      directories.delete(files);
    } catch (IOException | UncheckedIOException e) {
      log.warn("cannot remove {}: {}", files.directory(), e.toString());
    }
  }
}
