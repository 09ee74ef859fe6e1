package io.nsm.agent.sim;

import io.nsm.agent.lifecycle.Event;
import io.nsm.supervisor.ledger.Command;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The connection of a run to its agent: in order both ways, read when the reader runs. */
final class Link {
  private final World world;
  private final Run run;
  private final Queue<Runnable> buffer = new ArrayDeque<>();
  private Optional<AgentLife> to = Optional.empty();
  private long connections;
  private long upFree;
  private long downFree;

  Link(World world, Run run) {
    this.world = world;
    this.run = run;
  }

  /** The reader has read all of the connection before. */
  void open(AgentLife life) {
    to = Optional.of(life);
    connections++;
    buffer.clear();
  }

  /** What was sent before is still read. */
  void close() {
    to = Optional.empty();
  }

  boolean isTo(AgentLife life) {
    return to.equals(Optional.of(life));
  }

  void say(Event event) {
    to.ifPresent(life -> up(life, () -> life.happened(run.instance, event)));
  }

  void ask(Command.Save save) {
    to.ifPresent(life -> up(life, () -> life.save(run, save)));
  }

  private void up(AgentLife life, Runnable message) {
    upFree = Math.max(upFree + 1, world.now() + world.between(10, 400) * World.MICROS);
    world.after(upFree - world.now(), () -> life.mail(message));
  }

  /** From the agent; lost if the connection is another by then. */
  void order(AgentLife life, Runnable message) {
    if (!isTo(life)) {
      return;
    }
    long connection = connections;
    downFree = Math.max(downFree + 1, world.now() + world.between(10, 400) * World.MICROS);
    world.after(
        downFree - world.now(),
        () -> {
          if (connection == connections && run.lives()) {
            if (run.isStopped()) {
              buffer.add(message);
            } else {
              message.run();
            }
          }
        });
  }

  void readWhatWaits() {
    while (!buffer.isEmpty() && run.lives() && !run.isStopped()) {
      buffer.remove().run();
    }
  }
}
