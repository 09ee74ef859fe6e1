package io.nsm.agent.node;

import io.nsm.agent.lifecycle.Event;
import io.nsm.agent.lifecycle.Order;
import io.nsm.supervisor.control.Leader;
import io.nsm.supervisor.control.Message;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.HostEntry;
import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.ProcessSpec;
import io.nsm.supervisor.model.RunId;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Goes through promotions from end to end, with a ledger, a leader and two hosts of its own that
 * exist nowhere else: so the first real one finds its code loaded and compiled. That one comes
 * after weeks in which the agent did nothing of the kind, and nobody acts until it is done.
 */
final class Rehearsal {
  private static final ProcessName PROCESS = new ProcessName("rehearsal");
  private static final long TERM = 1;

  /** Between two looks; renewals fall due in between. */
  private static final long STEP_NANOS = 100_000_000L;

  /** Steps in which a promotion and the restart of what was killed must be through. */
  private static final int MOST_STEPS = 50;

  private final Queue<Runnable> events = new ArrayDeque<>();
  private final Map<HostName, Member> members = new LinkedHashMap<>();
  private final Replica replica = new Replica(this::changed);
  private final Leader leader =
      new Leader("rehearsal", LeaseTerms.FAST, LeaseTerms.CLOCK_ERROR, new LeaderPorts());
  private LedgerState state = LedgerState.EMPTY;
  private long index;
  private long now;

  private Rehearsal() {
    for (String name : List.of("a", "b")) {
      HostEntry host =
          new HostEntry(
              new HostId("rehearsal-" + name),
              new HostName(name),
              new Incarnation("rehearsal" + name),
              "boot",
              Map.of(),
              false);
      members.put(host.name(), new Member(host));
    }
  }

  /**
   * Goes through promotions, each after a kill.
   *
   * @param most how many at most
   * @param limit no further one begins after so long
   * @return how many it were
   * @throws IllegalStateException if one does not come to its end
   */
  static int run(int most, Duration limit) {
    long began = System.nanoTime();
    Rehearsal rehearsal = new Rehearsal();
    rehearsal.begin();
    int done = 0;
    while (done < most && System.nanoTime() - began < limit.toNanos()) {
      rehearsal.promote();
      done++;
    }
    return done;
  }

  private void begin() {
    leader.leading(TERM, now);
    settle();
    await(() -> state.hosts().size() == members.size());
    apply(new Command.Declare("rehearsal", state.revision(), List.of(spec()), false, 0));
    await(() -> acting().isPresent() && standby());
  }

  private void promote() {
    Grant.Held before = acting().orElseThrow();
    Member host = at(before.host());
    host.happened(before.instance(), new Event.Exited(before.run(), 137, "SIGNAL_9", 0, 0.5));
    await(
        () ->
            acting().filter(held -> held.epoch().isAfter(before.epoch())).isPresent() && standby());
  }

  private interface Condition {
    boolean holds();
  }

  private void await(Condition condition) {
    for (int steps = 0; !condition.holds(); steps++) {
      if (steps == MOST_STEPS) {
        throw new IllegalStateException("a promotion did not come to its end: " + state);
      }
      now += STEP_NANOS;
      leader.tick(now);
      members.values().forEach(member -> member.agent.tick(now));
      settle();
    }
  }

  private void settle() {
    while (!events.isEmpty()) {
      events.remove().run();
    }
  }

  private Optional<Grant.Held> acting() {
    return state
        .process(PROCESS)
        .flatMap(LedgerState.Process::holder)
        .filter(held -> at(held.host()).acting.equals(Optional.of(held.epoch())));
  }

  private boolean standby() {
    return members.values().stream()
        .allMatch(
            member ->
                member.agent.instances(now).stream()
                    .anyMatch(report -> report.candidate() || report.acting().isPresent()));
  }

  private Member at(HostId id) {
    return members.values().stream()
        .filter(member -> member.host.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private void apply(Command command) {
    replica.apply(++index, TERM, Replica.encode(command));
  }

  private void changed(Replica.Change change) {
    state = change.state();
    leader.applied((Replica.Entry) change, now);
    members.values().forEach(member -> member.agent.ledger(change, now));
  }

  private void receive(byte[] bytes, Member to) {
    Message message;
    try {
      message = Json.read(bytes, Message.class);
    } catch (MalformedException bug) {
      throw new IllegalStateException("a message of a rehearsal cannot be read", bug);
    }
    if (message instanceof Message.Renewal renewal) {
      leader.receive(renewal, now);
    } else if (message instanceof Message.Report report) {
      leader.receive(report, now);
    } else if (message instanceof Message.GaveUp gaveUp) {
      leader.receive(gaveUp, now);
    } else if (message instanceof Message.Coming coming) {
      to.agent.receive(coming, now);
    } else if (message instanceof Message.Renewed renewed) {
      to.agent.receive(renewed, now);
    } else if (message instanceof Message.Notice notice) {
      to.agent.receive(notice, now);
    }
  }

  private static ProcessSpec spec() {
    return new ProcessSpec(
        PROCESS,
        new ProcessSpec.Java(
            Optional.empty(),
            new ProcessSpec.Entry(Optional.of("none.jar"), Optional.empty(), List.of()),
            List.of(),
            List.of(),
            Optional.empty()),
        ProcessSpec.Mode.ACTIVE_STANDBY,
        2,
        new ProcessSpec.ActiveStandby(
            ProcessSpec.Standby.HOT,
            ProcessSpec.OnLeaseLost.HALT,
            ProcessSpec.Failback.NEVER,
            List.of(),
            Duration.ofSeconds(10)),
        new ProcessSpec.Placement(List.of(), true, List.of()),
        Map.of(),
        Map.of(),
        new ProcessSpec.Restart(
            ProcessSpec.Restart.Policy.ALWAYS,
            new ProcessSpec.Backoff(
                Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, Duration.ofSeconds(1)),
            new ProcessSpec.Limit(
                1_000_000, Duration.ofMinutes(1), ProcessSpec.Limit.Then.RETRY_SLOWLY),
            Set.of(0),
            Set.of()),
        new ProcessSpec.Stop("TERM", Duration.ofSeconds(1)),
        new ProcessSpec.Logs(1024, 2));
  }

  /** A host whose runs do at once what they are told. */
  private final class Member implements HostAgent.Ports {
    final HostEntry host;
    final HostAgent agent;
    Optional<Epoch> acting = Optional.empty();

    Member(HostEntry host) {
      this.host = host;
      this.agent = new HostAgent(host, this, now);
      agent.adopt(List.of(), now, now);
    }

    void happened(InstanceId instance, Event event) {
      events.add(() -> agent.happened(instance, event, now));
    }

    @Override
    public void submit(Command command, long ticket) {
      events.add(
          () -> {
            byte[] answer = replica.apply(++index, TERM, Replica.encode(command));
            agent.answered(ticket, Replica.answered(answer).answer(), now);
          });
    }

    @Override
    public void tellLeader(Message message) {
      byte[] bytes = Json.bytes(message);
      events.add(() -> receive(bytes, this));
    }

    @Override
    public void perform(InstanceId instance, Order order) {
      if (order instanceof Order.Launch launch) {
        happened(instance, new Event.Launched(launch.run(), 1));
        happened(instance, new Event.Connected(launch.run(), 1, Optional.empty()));
        happened(instance, new Event.Ready(launch.run()));
      } else if (order instanceof Order.Activate activate) {
        acting = Optional.of(activate.epoch());
        happened(instance, new Event.Activated(activate.run(), activate.epoch()));
      }
    }

    @Override
    public void prepare(
        Grant.Held grant,
        boolean writes,
        Optional<Epoch> replaces,
        Optional<CheckpointRef> checkpoint,
        Optional<byte[]> inline) {
      // There is no grid here, so this gives up in the end, unheard; what it does is little.
      new Preparation(
              new CompletableFuture<>(), grant, checkpoint, inline, writes, Optional.empty())
          .run();
      events.add(() -> agent.prepared(grant, now));
    }

    @Override
    public void fence(ProcessName process, Epoch over) {
      // Nothing writes here.
    }

    @Override
    public void forget(RunId run) {
      // Nothing is kept of it.
    }

    @Override
    public long wallMillis() {
      return now / 1_000_000;
    }

    @Override
    public double chance() {
      return 0.5;
    }
  }

  private final class LeaderPorts implements Leader.Ports {
    @Override
    public void append(Command command, long ticket) {
      events.add(() -> apply(command));
    }

    @Override
    public void send(HostName to, Message message) {
      byte[] bytes = Json.bytes(message);
      events.add(() -> receive(bytes, Optional.ofNullable(members.get(to)).orElseThrow()));
    }

    @Override
    public long wallMillis() {
      return now / 1_000_000;
    }
  }
}
