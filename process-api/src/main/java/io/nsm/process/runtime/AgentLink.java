package io.nsm.process.runtime;

import io.nsm.process.link.RunEnvironment;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToAgent.Completed;
import io.nsm.process.link.ToAgent.Deactivated;
import io.nsm.process.link.ToAgent.Failed;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToAgent.Ready;
import io.nsm.process.link.ToAgent.Save;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.Activate;
import io.nsm.process.link.ToProcess.Deactivate;
import io.nsm.process.link.ToProcess.Extend;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.Refused;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Stop;
import io.nsm.process.link.ToProcess.Welcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process's end of the link: connects, and connects again whenever the link breaks, saying anew
 * all that the agent must know. The loss of the link changes nothing of what the process may do;
 * its lease does.
 */
final class AgentLink {
  /**
   * What the agent orders; told by the link's one reading thread. False means that more orders wait
   * than the process can take.
   */
  interface Orders {
    boolean activate(Activate activate);

    boolean extend(Extend extend);

    boolean deactivate(Deactivate deactivate);

    boolean stop();

    /** A newer epoch than this one exists, as an answer shows. */
    boolean superseded(long epoch);
  }

  private final RunEnvironment environment;
  private final Tenure tenure;
  private final Unanswered unanswered = new Unanswered();
  private final Backoff backoff = new Backoff();
  private final CountDownLatch lastWordWritten = new CountDownLatch(1);

  /** Guards what follows: the connection that was welcomed, and what is said on each new one. */
  private final Object lock = new Object();

  private Optional<Connection> connection = Optional.empty();
  private boolean ready;
  private Optional<ToAgent> lastWord = Optional.empty();

  AgentLink(RunEnvironment environment, Tenure tenure) {
    this.environment = environment;
    this.tenure = tenure;
  }

  void start(Orders orders) {
    RuntimeThread.of("nsm-link", () -> stayConnected(orders)).start();
  }

  /** Says that {@code start} returned, now and on every new connection. */
  void ready() {
    synchronized (lock) {
      ready = true;
      say(new Ready());
    }
  }

  void completed() {
    lastWord(new Completed());
  }

  void failed(String reason) {
    lastWord(new Failed(reason));
  }

  /** Says something that is said anew on the next connection if there is none now. */
  void say(ToAgent message) {
    synchronized (lock) {
      connection.ifPresent(open -> open.send(message));
    }
  }

  /** Waits until the last word was sent, or the time is over. */
  void flush(Duration limit) {
    try {
      if (!lastWordWritten.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        NsmRuntime.log("the agent could not be told why this process ends: no link");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Saves, over as many connections as it takes, and waits for the outcome. */
  SaveResult save(long epoch, long sequence, byte[] state, long timeoutNanos) {
    CompletableFuture<SaveResult> answer;
    Save save;
    synchronized (lock) {
      save = new Save(unanswered.nextCorrelation(), epoch, sequence, state);
      answer = unanswered.add(save);
      say(save);
    }
    try {
      return Unanswered.await(answer, timeoutNanos).orElse(SaveResult.UNKNOWN);
    } finally {
      synchronized (lock) {
        unanswered.forget(save.correlation());
      }
    }
  }

  /** Ends the wait of saves in terms that are over. */
  void endSave(long epoch) {
    synchronized (lock) {
      unanswered.endSaves(epoch);
    }
  }

  /** Performs an operation, when there is a link; empty if the time was over first. */
  Optional<MapAnswered> call(MapRequest request, long timeoutNanos) {
    CompletableFuture<MapAnswered> answer;
    long correlation;
    synchronized (lock) {
      correlation = unanswered.nextCorrelation();
      answer = unanswered.add(request.numbered(correlation), connection.isPresent());
      say(request.numbered(correlation));
    }
    try {
      return Unanswered.await(answer, timeoutNanos);
    } finally {
      synchronized (lock) {
        unanswered.forget(correlation);
      }
    }
  }

  private void lastWord(ToAgent word) {
    synchronized (lock) {
      lastWord = Optional.of(word);
      connection.ifPresent(open -> open.send(word, lastWordWritten::countDown));
    }
  }

  private void stayConnected(Orders orders) {
    Path socket = Path.of(environment.socket());
    while (true) {
      try (Connection opened = Connection.open(socket)) {
        converse(opened, orders);
      } catch (IOException broken) {
        lost(broken);
      }
      backoff.sleep();
    }
  }

  private void converse(Connection opened, Orders orders) throws IOException {
    long pid = ProcessHandle.current().pid();
    long epoch = tenure.standing().lastTold();
    opened.send(new Hello(environment.token(), environment.run(), pid, epoch));
    while (true) {
      deliver(opened.read(), opened, orders);
    }
  }

  private void welcomed(Connection opened) {
    backoff.reset();
    synchronized (lock) {
      connection = Optional.of(opened);
      if (ready) {
        say(new Ready());
      }
      Standing standing = tenure.standing();
      if (standing.finished() > 0) {
        say(new Deactivated(standing.finished()));
      }
      if (standing.entered() > 0) {
        say(new Activated(standing.entered()));
      }
      unanswered.toSend().forEach(this::say);
      lastWord.ifPresent(word -> opened.send(word, lastWordWritten::countDown));
    }
  }

  private void lost(IOException broken) {
    synchronized (lock) {
      connection = Optional.empty();
      unanswered.linkBroke();
    }
    backoff.explain("no link to the agent (" + broken.getMessage() + "); trying on");
  }

  private void deliver(ToProcess message, Connection opened, Orders orders) throws IOException {
    Delivery delivery = new Delivery(opened, orders);
    message.match(delivery);
    if (delivery.problem.isPresent()) {
      throw delivery.problem.get();
    }
  }

  /** Takes one message to whom it concerns. */
  private final class Delivery implements ToProcess.Cases {
    private final Connection opened;
    private final Orders orders;
    private Optional<IOException> problem = Optional.empty();

    Delivery(Connection opened, Orders orders) {
      this.opened = opened;
      this.orders = orders;
    }

    @Override
    public void welcome(Welcome welcome) {
      welcomed(opened);
    }

    @Override
    public void refused(Refused refused) {
      problem = Optional.of(new IOException("refused by the agent: " + refused.reason()));
    }

    @Override
    public void activate(Activate activate) {
      accepted(orders.activate(activate));
    }

    @Override
    public void extend(Extend extend) {
      accepted(orders.extend(extend));
    }

    @Override
    public void deactivate(Deactivate deactivate) {
      accepted(orders.deactivate(deactivate));
    }

    @Override
    public void stop(Stop stop) {
      accepted(orders.stop());
    }

    @Override
    public void saveAnswered(SaveAnswered answer) {
      Optional<Long> ended;
      synchronized (lock) {
        ended = unanswered.epochEndedBy(answer);
      }
      // First, so that whoever waited for this answer finds the term over.
      ended.ifPresent(epoch -> accepted(orders.superseded(epoch)));
      synchronized (lock) {
        unanswered.answered(answer);
      }
    }

    @Override
    public void mapAnswered(MapAnswered answer) {
      Optional<Long> ended;
      synchronized (lock) {
        ended = unanswered.epochEndedBy(answer);
      }
      ended.ifPresent(epoch -> accepted(orders.superseded(epoch)));
      synchronized (lock) {
        unanswered.answered(answer);
      }
    }

    private void accepted(boolean accepted) {
      if (!accepted) {
        problem = Optional.of(new IOException("the agent sent more orders than can wait"));
      }
    }
  }
}
