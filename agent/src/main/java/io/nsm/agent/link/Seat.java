package io.nsm.agent.link;

import io.nsm.agent.link.Links.LinkListener;
import io.nsm.agent.link.ProcessLink.RefusedException;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToAgent.Completed;
import io.nsm.process.link.ToAgent.Deactivated;
import io.nsm.process.link.ToAgent.Failed;
import io.nsm.process.link.ToAgent.Heartbeat;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Ready;
import io.nsm.process.link.ToAgent.Save;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Welcome;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The place of one admitted run: at most one link at a time. Its lock orders what the listener is
 * told; what is said to the process takes no lock.
 */
final class Seat {
  private final RunId run;
  private final ProcessName process;
  private final byte[] token;
  private final LinkListener listener;

  /** The numbers of what the agent has not answered yet; bounded by the link's limits. */
  private final Set<Long> saves = ConcurrentHashMap.newKeySet();

  private final Set<Long> calls = ConcurrentHashMap.newKeySet();
  private volatile Optional<ProcessLink> link = Optional.empty();
  private boolean dismissed;

  Seat(RunId run, ProcessName process, String token, LinkListener listener) {
    this.run = run;
    this.process = process;
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.listener = listener;
  }

  /** Says something, if the run is connected. */
  void say(ToProcess message) {
    link.ifPresent(open -> open.send(message));
  }

  void answerSave(SaveAnswered answer) {
    saves.remove(answer.correlation());
    say(answer);
  }

  void answerMap(ToProcess.MapAnswered answer) {
    calls.remove(answer.correlation());
    say(answer);
  }

  /** Takes a connection whose process knows the token, in place of the one before. */
  synchronized ToAgent.Cases take(ProcessLink newer, Hello hello) throws RefusedException {
    // In constant time: how much of a guess was right must not be seen from how long it took.
    if (!MessageDigest.isEqual(token, hello.token().getBytes(StandardCharsets.UTF_8))) {
      throw new RefusedException(
          "the token is not that of run " + run + "; a process must be started by the agent");
    }
    if (dismissed) {
      throw new RefusedException("run " + run + " is over");
    }
    link.ifPresent(this::leave);
    saves.clear();
    calls.clear();
    newer.send(new Welcome());
    link = Optional.of(newer);
    listener.connected(run, hello.pid(), epoch(hello.epoch()));
    return new Telling(newer);
  }

  /** A connection ended, this one or one replaced before. */
  synchronized void ended(ProcessLink ended) {
    if (link.filter(ended::equals).isPresent()) {
      leave(ended);
    }
  }

  /** Ends the connection; the listener is told nothing more. */
  synchronized void dismiss() {
    dismissed = true;
    Optional<ProcessLink> last = link;
    link = Optional.empty();
    last.ifPresent(ProcessLink::close);
  }

  private void leave(ProcessLink old) {
    link = Optional.empty();
    old.close();
    listener.disconnected(run);
  }

  private synchronized void tell(ProcessLink from, Runnable what) {
    if (link.filter(from::equals).isPresent()) {
      what.run();
    }
  }

  private static Optional<Epoch> epoch(long number) {
    return number == 0 ? Optional.empty() : Optional.of(new Epoch(number));
  }

  /** Tells the listener what comes over one connection, as long as it is the run's. */
  private final class Telling implements ToAgent.Cases {
    private final ProcessLink from;

    Telling(ProcessLink from) {
      this.from = from;
    }

    @Override
    public void hello(Hello hello) {
      // Said twice; nothing that it could change.
    }

    @Override
    public void ready(Ready ready) {
      tell(from, () -> listener.ready(run));
    }

    @Override
    public void activated(Activated activated) {
      tell(from, () -> listener.activated(run, new Epoch(activated.epoch())));
    }

    @Override
    public void deactivated(Deactivated deactivated) {
      tell(from, () -> listener.deactivated(run, new Epoch(deactivated.epoch())));
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      tell(from, () -> listener.heartbeat(run));
    }

    @Override
    public void save(Save save) {
      if (saves.size() >= LinkLimits.MAX_UNANSWERED_SAVES) {
        from.send(new SaveAnswered(save.correlation(), SaveResult.UNKNOWN));
        return;
      }
      saves.add(save.correlation());
      tell(
          from,
          () ->
              listener.save(
                  run, save.correlation(), new Epoch(save.epoch()), save.sequence(), save.state()));
    }

    @Override
    public void map(MapCall call) {
      if (calls.size() >= LinkLimits.MAX_UNANSWERED_MAP_CALLS) {
        from.send(
            MapTranslation.unknown(
                call.correlation(),
                "not done: " + calls.size() + " operations of this process are unanswered"));
        return;
      }
      calls.add(call.correlation());
      tell(
          from,
          () -> listener.map(run, call.correlation(), MapTranslation.operation(process, call)));
    }

    @Override
    public void completed(Completed completed) {
      tell(from, () -> listener.completed(run));
    }

    @Override
    public void failed(Failed failed) {
      tell(from, () -> listener.failed(run, failed.reason()));
    }
  }
}
