package io.nsm.agent.sim;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.process.link.HostTime;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A machine: its clock, its disks, its run directory, the processes and the agent on it. */
final class Host {
  /** How many ended runs of an instance the run directory keeps. */
  private static final int MAX_ENDED = 4;

  final Cluster cluster;
  final int index;
  final HostName name;
  final HostId id;
  final boolean witness;

  /** Whether it votes in the ledger and stores checkpoints. */
  final boolean votes;

  /** Whether a script alone starts an agent here. */
  final boolean late;

  final Disk disk;
  final Set<CheckpointRef> bytes = new HashSet<>();
  final Map<RunId, Run> runs = new LinkedHashMap<>();
  Optional<AgentLife> agent = Optional.empty();
  boolean powered = true;
  private double rate = 1;
  private long offset;
  private long suspended;
  private long excusedUntil;
  private Optional<Freeze> freeze = Optional.empty();
  private int boots = 1;
  private boolean rebooted = true;
  private final Optional<Host> twinOf;

  Host(Cluster cluster, int index, boolean witness, boolean votes) {
    this.cluster = cluster;
    this.index = index;
    this.witness = witness;
    this.votes = votes;
    this.late = false;
    this.twinOf = Optional.empty();
    this.name = new HostName("host" + index);
    this.id = new HostId("id-" + index);
    this.disk = new Disk(cluster);
    this.offset = cluster.world.between(1, 1_000_000) * World.SECONDS;
  }

  /** A second agent on the same machine, with a copy of the other one's data directory. */
  Host(Cluster cluster, int index, Host of) {
    this.cluster = cluster;
    this.index = index;
    this.witness = false;
    this.votes = false;
    this.late = true;
    this.twinOf = Optional.of(of);
    this.name = of.name;
    this.id = of.id;
    this.disk = new Disk(cluster);
    this.rebooted = false;
  }

  /** How much faster than true time the host's clock runs: 1.01 gains 1 %. */
  void clockRate(double faster) {
    offset = clock() - (long) (cluster.world.now() * faster);
    rate = faster;
  }

  double clockRate() {
    return rate;
  }

  /** The host's monotonic clock. */
  long clock() {
    if (twinOf.isPresent()) {
      return twinOf.get().clock();
    }
    return freeze.filter(Freeze::everyClock).map(Freeze::since).orElseGet(this::running);
  }

  private long running() {
    return offset + (long) (cluster.world.now() * rate);
  }

  /** The clock that stands still while the host is suspended. */
  private long monotonic() {
    long asleep = freeze.filter(f -> !f.everyClock()).map(f -> clock() - f.since()).orElse(0L);
    return clock() - suspended - asleep;
  }

  /** What a process reads, on both clocks. */
  HostTime time() {
    return timeAt(clock());
  }

  /** What a process reads that does not look at the boot clock. */
  HostTime monotonicTime() {
    return new HostTime(monotonic(), Long.MIN_VALUE);
  }

  /** An instant of the agent's clock as an absolute time of both. */
  HostTime timeAt(long at) {
    return new HostTime(monotonic() + at - clock(), Math.floorDiv(at, World.MILLIS));
  }

  /** How much true time it takes until the monotonic clock shows an instant. */
  long trueTimeUntil(long monotonic) {
    return (long) ((monotonic - monotonic()) / rate);
  }

  /** How the host stands still, and since when on the agent's clock. */
  private record Freeze(long since, boolean everyClock) {}

  boolean isFrozen() {
    return freeze.isPresent();
  }

  /** The host is suspended: its monotonic clock stands still, its boot clock goes on. */
  void suspend() {
    freeze("is suspended", false);
  }

  /** The host is a guest that is paused, and no clock in it goes on. */
  void pauseGuest() {
    freeze("is paused by its hypervisor", true);
  }

  /**
   * Whether all its clocks stood still not long ago: for what was left of its lease, what is there
   * may act beside another; not for longer.
   */
  boolean isExcused() {
    return freeze.filter(Freeze::everyClock).isPresent() || cluster.world.now() < excusedUntil;
  }

  private void freeze(String how, boolean everyClock) {
    if (powered && freeze.isEmpty()) {
      cluster.world.tell(this, how);
      agent.ifPresent(AgentLife::stop);
      freeze = Optional.of(new Freeze(running(), everyClock));
    }
  }

  /** The host goes on from where it stood still. */
  void thaw() {
    if (freeze.isEmpty()) {
      return;
    }
    cluster.world.tell(this, "wakes up");
    Freeze was = freeze.get();
    freeze = Optional.empty();
    long length = running() - was.since();
    if (was.everyClock()) {
      offset -= length;
      Duration longest = cluster.terms.ttl().plus(cluster.terms.margin());
      excusedUntil = cluster.world.now() + (long) (longest.toNanos() / rate);
    } else {
      suspended += length;
    }
    living().forEach(Run::thawed);
    agent.ifPresent(AgentLife::goOn);
  }

  String bootId() {
    return twinOf.map(Host::bootId).orElseGet(() -> name + "-boot-" + boots);
  }

  void mail(Consumer<AgentLife> delivery) {
    agent.ifPresent(life -> life.mail(() -> delivery.accept(life)));
  }

  void startAgent() {
    if (!powered || isFrozen() || agent.isPresent()) {
      return;
    }
    AgentLife life = new AgentLife(cluster, this, cluster.nextLife());
    agent = Optional.of(life);
    boolean newBoot = rebooted;
    rebooted = false;
    cluster.world.tell(this, "agent starts as", life.self.incarnation());
    life.start(
        cluster.has(Habit.FORGETS_RUNS) ? List.of() : found(),
        newBoot ? clock() : clock() + cluster.terms.ttl().toNanos());
    living().forEach(run -> run.reconnect(life));
  }

  /** SIGKILL of the agent; its processes live on, but for those that are tied to it. */
  void killAgent() {
    cluster.world.tell(this, "agent is killed");
    agent = Optional.empty();
    living().forEach(Run::agentDied);
  }

  void powerOff() {
    cluster.world.tell(this, "loses power");
    freeze = Optional.empty();
    agent = Optional.empty();
    living().forEach(Run::lostPower);
    disk.losePower();
    powered = false;
    rebooted = true;
  }

  /** Its store of checkpoints is emptied. */
  void loseBytes() {
    cluster.world.tell(this, "loses its checkpoints");
    bytes.clear();
  }

  void powerOn() {
    if (!powered) {
      powered = true;
      boots++;
      suspended = 0;
      offset = cluster.world.between(1, 1_000_000) * World.SECONDS;
      cluster.world.tell(this, "has power again");
    }
  }

  List<Run> living() {
    return runs.values().stream().filter(Run::lives).toList();
  }

  private List<FoundRun> found() {
    return runs.values().stream()
        .map(
            run ->
                new FoundRun(
                    run.instance,
                    run.id,
                    run.spec,
                    run.environment,
                    run.lives() ? Optional.empty() : run.status))
        .toList();
  }

  void ended(Run run, ExitStatus status, long noticedAfter) {
    cluster.world.after(
        noticedAfter, () -> mail(life -> life.exited(run.instance, run.id, status)));
    forgetOld(run.instance);
  }

  /** Removes what is left of a run that ended, so that no later agent finds it. */
  void forget(RunId run) {
    runs.computeIfPresent(run, (id, found) -> found.lives() ? found : null);
  }

  private void forgetOld(InstanceId instance) {
    List<Run> ended = new ArrayList<>();
    runs.values().stream()
        .filter(run -> run.instance.equals(instance) && !run.lives())
        .forEach(ended::add);
    for (int i = 0; i < ended.size() - MAX_ENDED; i++) {
      runs.remove(ended.get(i).id);
    }
  }

  @Override
  public String toString() {
    return twinOf.isPresent() ? name + "'" : name.name();
  }
}
