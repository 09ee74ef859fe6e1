package io.nsm.agent.sim;

import io.nsm.agent.lifecycle.Order;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import io.nsm.supervisor.model.ProcessName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An agent's way to the grid: who has which bytes, and who can be asked. */
final class Checkpoints {
  private static final long SAVE_LATE = 2 * World.SECONDS;
  private static final long POINT_LATE = 20 * World.SECONDS;
  private static final long PREPARE_LATE = World.SECONDS;

  private final Cluster cluster;
  private final AgentLife life;
  private final Map<ProcessName, Epoch> early = new HashMap<>();
  private final Set<Epoch> without = new HashSet<>();

  Checkpoints(Cluster cluster, AgentLife life) {
    this.cluster = cluster;
    this.life = life;
  }

  /** What members said to one question. */
  private static final class Round {
    final Set<Integer> heard = new HashSet<>();
    boolean over;
  }

  /** Bytes to a majority, then the pointer; asked again under the same name while not known. */
  void save(Run run, Command.Save asked, Command.Save save) {
    CheckpointRef ref = ref(asked);
    if (cluster.has(Habit.ACKNOWLEDGES_EARLY)) {
      run.work.saved(life, asked, SaveResult.SAVED);
      life.submissions.submit(save, outcome -> {});
      return;
    }
    if (save.inline().isPresent()) {
      point(run, asked, save);
      return;
    }
    Round round = new Round();
    for (Host member : cluster.voters().toList()) {
      cluster.network.send(
          life.host,
          member,
          "grid",
          there -> {
            there.host.bytes.add(ref);
            cluster.network.send(
                there.host,
                life.host,
                "grid",
                here -> {
                  round.heard.add(there.host.index);
                  boolean enough = cluster.has(Habit.ONE_COPY_IS_ENOUGH) || majority(round);
                  if (here == life && !round.over && enough) {
                    round.over = true;
                    point(run, asked, save);
                  }
                });
          });
    }
    late(SAVE_LATE, round, () -> run.work.saved(life, asked, SaveResult.UNKNOWN));
  }

  private void point(Run run, Command.Save asked, Command.Save save) {
    long until = cluster.world.now() + POINT_LATE;
    Optional<CheckpointRef> previous =
        life.agent.state().process(save.process()).flatMap(LedgerState.Process::checkpoint);
    point(run, asked, save, 1, until, previous);
  }

  /** While it is not known what became of the pointer, the same is submitted again. */
  private void point(
      Run run,
      Command.Save asked,
      Command.Save save,
      int attempt,
      long until,
      Optional<CheckpointRef> previous) {
    life.submissions.submit(
        save,
        outcome -> {
          if (outcome.isEmpty() && cluster.world.now() < until) {
            point(run, asked, save, attempt + 1, until, previous);
          } else if (attempt > 1 && cluster.has(Habit.TAKES_A_RETRY_FOR_OLD)) {
            run.work.saved(life, asked, SaveResult.TERM_ENDED);
          } else {
            SaveResult result = outcome.map(Checkpoints::result).orElse(SaveResult.UNKNOWN);
            run.work.saved(life, asked, result);
            if (result == SaveResult.SAVED) {
              removeOlder(ref(asked), previous);
            }
          }
        });
  }

  private static SaveResult result(Answer answer) {
    return answer.effective() ? SaveResult.SAVED : SaveResult.TERM_ENDED;
  }

  private static CheckpointRef ref(Command.Save save) {
    return new CheckpointRef(
        save.process(), save.epoch(), save.sequence(), save.digest(), save.size());
  }

  /** Under one's own grant the pointer cannot be behind: what is older is nobody's. */
  private void removeOlder(CheckpointRef current, Optional<CheckpointRef> previous) {
    CheckpointRef oldest = previous.filter(before -> current.isAfter(before)).orElse(current);
    cluster
        .voters()
        .forEach(
            member ->
                cluster.network.send(
                    life.host,
                    member,
                    "grid",
                    there -> there.host.bytes.removeIf(ref -> removable(there, ref, oldest))));
  }

  private boolean removable(AgentLife there, CheckpointRef ref, CheckpointRef oldest) {
    if (!ref.process().equals(oldest.process())) {
      return false;
    }
    if (cluster.has(Habit.REMOVES_THE_UNREFERENCED)) {
      return !there
          .agent
          .state()
          .process(ref.process())
          .flatMap(LedgerState.Process::checkpoint)
          .equals(Optional.of(ref));
    }
    return oldest.isAfter(ref);
  }

  /**
   * Raises the fence at a majority, if there is need of one, and fetches the bytes from whoever has
   * them.
   */
  void prepare(
      Grant.Held grant, boolean writes, Optional<Epoch> replaces, Optional<CheckpointRef> wanted) {
    ProcessName process = grant.instance().process();
    boolean early =
        replaces.isPresent() && replaces.equals(Optional.ofNullable(this.early.get(process)));
    boolean fenced = early || !writes;
    Round round = new Round();
    Set<Integer> have = new HashSet<>();
    for (Host member : cluster.voters().toList()) {
      cluster.network.send(
          life.host,
          member,
          "grid",
          there -> {
            boolean has = wanted.isEmpty() || there.host.bytes.contains(wanted.get());
            if (!fenced) {
              cluster.maps.raise(there.host, process, grant.epoch());
            }
            cluster.network.send(
                there.host,
                life.host,
                "grid",
                here -> {
                  round.heard.add(there.host.index);
                  if (has) {
                    have.add(there.host.index);
                  }
                  if (here == life && !round.over && majority(round)) {
                    decide(grant, round, have);
                  }
                });
          });
    }
    late(PREPARE_LATE, round, () -> unprepared(grant, "BYTES_UNREACHABLE"));
  }

  private void decide(Grant.Held grant, Round round, Set<Integer> have) {
    if (!have.isEmpty()) {
      round.over = true;
      life.agent.prepared(grant, life.host.clock());
    } else if (round.heard.size() == cluster.voters().count()) {
      round.over = true;
      unprepared(grant, "NO_BYTES");
    }
  }

  /** Raises the fence behind an epoch that is over, before it is known which one is next. */
  void fence(ProcessName process, Epoch over) {
    Set<Integer> raised = new HashSet<>();
    cluster
        .voters()
        .forEach(
            member ->
                cluster.network.send(
                    life.host,
                    member,
                    "grid",
                    there -> {
                      cluster.maps.raise(there.host, process, new Epoch(over.number() + 1));
                      cluster.network.send(
                          there.host,
                          life.host,
                          "grid",
                          here -> {
                            raised.add(there.host.index);
                            if (raised.size() >= cluster.majority()) {
                              early.put(process, over);
                            }
                          });
                    }));
  }

  /** What a run is really given of the checkpoint that an order names. */
  Order.Activate asHad(Order.Activate order) {
    return without.contains(order.epoch())
        ? new Order.Activate(order.run(), order.epoch(), order.deadline(), Optional.empty())
        : order;
  }

  private void unprepared(Grant.Held grant, String why) {
    if (cluster.has(Habit.STARTS_WITHOUT_BYTES)) {
      without.add(grant.epoch());
      life.agent.prepared(grant, life.host.clock());
      return;
    }
    cluster.world.tell(life.host, "cannot prepare", grant, why);
    life.agent.unprepared(grant, why, life.host.clock());
  }

  private boolean majority(Round round) {
    return round.heard.size() >= cluster.majority();
  }

  private void late(long limit, Round round, Runnable action) {
    cluster.world.after(
        limit,
        () ->
            life.mail(
                () -> {
                  if (!round.over) {
                    round.over = true;
                    action.run();
                  }
                }));
  }
}
