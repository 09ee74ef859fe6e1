package io.nsm.agent.sim;

import io.nsm.agent.launch.Launcher.ExitStatus;
import io.nsm.agent.launch.Launcher.FoundRun;
import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Order;
import io.nsm.agent.node.FirstWrites;
import io.nsm.agent.node.HostAgent;
import io.nsm.supervisor.control.Leader;
import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * One life of an agent: the production decisions, and around them the shell that the simulator
 * replaces. One event at a time; while it is stopped, events wait.
 */
final class AgentLife implements HostAgent.Ports, Leader.Ports {
  final Host host;
  final long number;
  final HostEntry self;
  final Voter voter;
  final Submissions submissions;
  final FirstWrites writes;
  final HostAgent agent;
  final Leader leader;
  final Copy copy;
  private final Cluster cluster;
  private final Checkpoints checkpoints;
  private final BadLeader leaderHabits;
  private final BadAgent habits;
  private final Queue<Runnable> inbox = new ArrayDeque<>();
  private final long tick;
  private boolean stopped;
  private long roles;
  private long rolesTold;

  AgentLife(Cluster cluster, Host host, long number) {
    this.cluster = cluster;
    this.host = host;
    this.number = number;
    String life =
        cluster.has(Habit.REUSES_RUN_IDS) ? host.name.name() : "life" + number + "x" + host.index;
    this.self =
        new HostEntry(
            host.id,
            host.name,
            new Incarnation(life),
            host.bootId(),
            Map.of("zone", "z" + host.index % 2),
            host.witness);
    long now = host.clock();
    agent = new HostAgent(self, this, now);
    copy = new Copy(change -> agent.ledger(change, host.clock()));
    leader = new Leader("sim", cluster.terms, cluster.assumedClockError(), this);
    leaderHabits = new BadLeader(cluster, this);
    habits = new BadAgent(cluster, this);
    Replica replica = new Replica(this::changed);
    voter = new Voter(cluster, this, replica);
    submissions = new Submissions(cluster, this);
    writes = new FirstWrites(agent::state, submissions::submit);
    checkpoints = new Checkpoints(cluster, this);
    tick = cluster.world.between(10, 60) * World.MILLIS;
  }

  void start(List<FoundRun> found, long latest) {
    agent.adopt(found, latest, host.clock());
    voter.start();
    ticking();
  }

  private void ticking() {
    cluster.world.after(
        tick,
        () -> {
          if (lives()) {
            if (!stopped) {
              agent.tick(host.clock());
              leader.tick(host.clock());
            }
            ticking();
          }
        });
  }

  boolean lives() {
    return host.agent.equals(Optional.of(this));
  }

  void mail(Runnable event) {
    if (!lives()) {
      return;
    }
    if (stopped) {
      inbox.add(event);
    } else {
      event.run();
    }
  }

  /** SIGSTOP. */
  void stop() {
    cluster.world.tell(host, "agent is stopped");
    stopped = true;
    host.living().forEach(Run::agentStopped);
  }

  /** The agent is told to end, has its instances end first, and is ended at the latest then. */
  void drain(long latest) {
    cluster.world.tell(host, "agent is told to end");
    mail(() -> agent.drain(host.clock()));
    drained(cluster.world.now() + latest);
  }

  private void drained(long latest) {
    cluster.world.after(
        50 * World.MILLIS,
        () -> {
          if (lives() && (agent.drained() || cluster.world.now() >= latest)) {
            host.killAgent();
          } else if (lives()) {
            drained(latest);
          }
        });
  }

  /** SIGCONT. */
  void goOn() {
    if (stopped && !host.isFrozen()) {
      cluster.world.tell(host, "agent goes on");
      stopped = false;
      while (!stopped && lives() && !inbox.isEmpty()) {
        inbox.remove().run();
      }
    }
  }

  // From the ledger

  private void changed(Replica.Change change) {
    long now = host.clock();
    copy.changed(habits.asItSees(change));
    if (change instanceof Replica.Entry entry) {
      leaderHabits.beforeApplied(entry);
      leader.applied(leaderHabits.asTheLeaderSees(entry), now);
      leaderHabits.afterApplied(entry);
    } else {
      leader.replaced((Replica.Replaced) change, now);
    }
  }

  void leads(long term) {
    roles++;
    rolesTold = roles;
    cluster.world.tell(host, "leads in term", term);
    if (cluster.has(Habit.WAITS_ANEW)) {
      leader.replaced(new Replica.Replaced(voter.applied(), agent.state()), host.clock());
    }
    leader.leading(term, host.clock());
  }

  /** That the lead is lost may be learnt late, but never after what comes then. */
  void deposed() {
    long role = ++roles;
    long late = cluster.deposedLate.getAsLong();
    cluster.world.after(
        late,
        () ->
            mail(
                () -> {
                  if (role > rolesTold) {
                    rolesTold = role;
                    leader.following();
                  }
                }));
  }

  void leaderKnown() {
    soon(() -> agent.leaderChanged(host.clock()));
  }

  void appendRejected(long ticket) {
    soon(() -> leader.rejected(ticket, host.clock()));
  }

  void appendUnknown(long ticket) {
    soon(() -> leader.unknown(ticket, host.clock()));
  }

  private void soon(Runnable event) {
    cluster.world.after(cluster.world.between(1, 500) * World.MICROS, () -> mail(event));
  }

  // From other agents

  void receive(Message message) {
    long now = host.clock();
    if (message instanceof Message.Renewal renewal) {
      leaderHabits.renewed(renewal);
      leader.receive(leaderHabits.asHeard(renewal), now);
    } else if (message instanceof Message.Report report) {
      leader.receive(report, now);
    } else if (message instanceof Message.Renewed renewed) {
      agent.receive(habits.asReceived(renewed), now);
    } else if (message instanceof Message.GaveUp gaveUp) {
      leader.receive(gaveUp, now);
    } else if (message instanceof Message.Coming coming) {
      agent.receive(coming, now);
    } else if (message instanceof Message.Turns turns) {
      agent.receive(new Message.Turns(turns.term(), habits.asHeard(turns.turns())), now);
    } else if (message instanceof Message.Notice notice) {
      agent.receive(notice, now);
    } else if (message instanceof Message.TurnedAway away
        && !cluster.has(Habit.HEARS_OF_NO_SUCCESSOR)) {
      agent.receive(away, now);
    }
  }

  // From runs

  void happened(InstanceId instance, Event event) {
    agent.happened(instance, event, host.clock());
  }

  void exited(InstanceId instance, RunId run, ExitStatus status) {
    cluster.world.tell(host, "is told that", instance, run, "ended:", status.reason());
    happened(
        instance, new Event.Exited(run, status.code(), status.reason(), wallMillis(), chance()));
  }

  void linkBroke(InstanceId instance, RunId run) {
    agent.linkBroke(run, host.clock());
    if (cluster.has(Habit.EOF_IS_EXIT)) {
      exited(instance, run, new ExitStatus(137, Optional.of("KILL"), false));
    }
  }

  // Ports of the agent

  @Override
  public void submit(Command command, long ticket) {
    if (!(command instanceof Command.Note)) {
      cluster.world.tell(host, "submits", command);
    }
    if (command instanceof Command.Vacate vacate && habits.isSilentOn(vacate.run())) {
      soon(() -> agent.answered(ticket, new Answer.Done(0), host.clock()));
      return;
    }
    submissions.submit(
        command,
        outcome ->
            outcome.ifPresentOrElse(
                answer -> agent.answered(ticket, answer, host.clock()),
                () -> agent.unanswered(ticket, host.clock())));
  }

  @Override
  public void tellLeader(Message message) {
    Message told = message instanceof Message.Renewal renewal ? habits.sent(renewal) : message;
    if (message instanceof Message.GaveUp gaveUp && habits.keepsToItself(gaveUp.run())) {
      return;
    }
    voter
        .leader()
        .ifPresent(to -> cluster.network.send(host, to, told, there -> there.receive(told)));
  }

  @Override
  public void perform(InstanceId instance, Order order) {
    if (!(order instanceof Order.Extend || order instanceof Order.Check)) {
      cluster.world.tell(host, instance, order);
    }
    if (order instanceof Order.Launch launch) {
      cluster.held.mayStart(launch.goal().spec());
      Run.launch(cluster, this, instance, launch);
    } else if (order instanceof Order.Activate activate) {
      run(activate.run()).ifPresent(run -> run.role.activate(this, checkpoints.asHad(activate)));
    } else if (order instanceof Order.Extend extend) {
      run(extend.run()).ifPresent(run -> run.role.extend(this, extend));
    } else if (order instanceof Order.Deactivate leave) {
      run(leave.run()).ifPresent(run -> run.role.deactivate(this, leave.epoch().number()));
    } else if (order instanceof Order.Signal signal) {
      run(signal.run()).ifPresent(Run::signal);
    } else if (order instanceof Order.Kill kill) {
      run(kill.run()).ifPresent(Run::kill);
    } else if (order instanceof Order.KillHung hung && !cluster.has(Habit.FORGIVES_THE_HUNG)) {
      run(hung.run()).ifPresent(Run::kill);
    } else if (order instanceof Order.Check check) {
      run(check.run()).ifPresent(run -> run.check(this, check));
    }
  }

  private Optional<Run> run(RunId id) {
    return Optional.ofNullable(host.runs.get(id));
  }

  @Override
  public void fence(ProcessName process, Epoch over) {
    checkpoints.fence(process, over);
  }

  @Override
  public void prepare(
      Grant.Held grant,
      boolean writes,
      Optional<Epoch> replaces,
      Optional<CheckpointRef> checkpoint,
      Optional<byte[]> inline) {
    checkpoints.prepare(
        grant, writes, replaces, inline.isPresent() ? Optional.empty() : checkpoint);
  }

  @Override
  public void forget(RunId run) {
    host.forget(run);
  }

  void save(Run run, Command.Save save) {
    checkpoints.save(run, save, (Command.Save) habits.submitted(save));
  }

  // Ports of the leader

  @Override
  public void append(Command command, long ticket) {
    if (!(command instanceof Command.Barrier || command instanceof Command.Note)) {
      cluster.world.tell(host, "appends", command);
    }
    byte[] bytes = Replica.encode(command);
    soon(
        () -> {
          if (leaderHabits.omits(command)) {
            leader.rejected(ticket, host.clock());
          } else if (!leaderHabits.forwarded(command)) {
            voter.append(bytes, ticket);
          }
        });
  }

  @Override
  public void send(HostName to, Message message) {
    cluster.hosts.stream()
        .filter(there -> there.name.equals(to))
        .forEach(
            there -> cluster.network.send(host, there, message, life -> life.receive(message)));
  }

  @Override
  public long wallMillis() {
    return 1_700_000_000_000L + host.clock() / World.MILLIS;
  }

  @Override
  public double chance() {
    return cluster.world.fraction();
  }
}
