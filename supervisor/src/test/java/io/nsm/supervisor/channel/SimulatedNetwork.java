package io.nsm.supervisor.channel;

import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Channels inside one JVM over a network that a test controls: lose, hold, deliver late, cut one
 * way. Rules apply to each passage, so to a question and to its answer apart. Cutting does not
 * change the view: who is seen is set apart from what passes, as in life.
 */
public final class SimulatedNetwork implements AutoCloseable {

  /** One message on its way. {@code answer} tells the way back of a question. */
  public record Passage(HostName from, HostName to, String service, boolean answer, byte[] body) {}

  private record Held(Passage passage, Runnable delivery) {}

  private record Way(HostName from, HostName to) {}

  private final Map<HostName, Member> members = new TreeMap<>();
  private final Set<Way> cuts = ConcurrentHashMap.newKeySet();
  private final Set<Way> unseen = ConcurrentHashMap.newKeySet();
  private final List<Predicate<Passage>> losses = new CopyOnWriteArrayList<>();
  private final List<Predicate<Passage>> holds = new CopyOnWriteArrayList<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private final ExecutorService pool = Executors.newCachedThreadPool(SimulatedNetwork::daemon);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(SimulatedNetwork::daemon);

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "simulated-network");
    thread.setDaemon(true);
    return thread;
  }

  /** A new member; one of the same name must have been closed before. */
  public synchronized Channel join(HostName host) {
    Member member = new Member(host);
    if (members.putIfAbsent(host, member) != null) {
      throw new IllegalStateException("host '" + host + "' is a member already");
    }
    viewsChanged();
    return member;
  }

  /** Lets nothing pass from one host to the other; the other way stays open. */
  public void cut(HostName from, HostName to) {
    cuts.add(new Way(from, to));
  }

  /** Ends a cut. */
  public void mend(HostName from, HostName to) {
    cuts.remove(new Way(from, to));
  }

  /** Lets nothing pass between a host and all others. */
  public void isolate(HostName host) {
    for (HostName other : hosts()) {
      if (!other.equals(host)) {
        cut(host, other);
        cut(other, host);
      }
    }
  }

  /** Ends all cuts, losses, holds, and shows everybody everybody; what is held stays held. */
  public void heal() {
    cuts.clear();
    losses.clear();
    holds.clear();
    unseen.clear();
    viewsChanged();
  }

  /** Makes a host see another one no longer, or again. */
  public void see(HostName viewer, HostName other, boolean seen) {
    Way way = new Way(viewer, other);
    if (seen) {
      unseen.remove(way);
    } else {
      unseen.add(way);
    }
    viewsChanged();
  }

  /** Loses what matches. */
  public void lose(Predicate<Passage> rule) {
    losses.add(rule);
  }

  /** Holds what matches until {@link #deliver}. */
  public void hold(Predicate<Passage> rule) {
    holds.add(rule);
  }

  /** Holds nothing any more; what is held stays held. */
  public void holdNothing() {
    holds.clear();
  }

  /** What is held, oldest first. */
  public List<Passage> held() {
    synchronized (held) {
      return held.stream().map(Held::passage).toList();
    }
  }

  /** Delivers what is held and matches, whatever is cut by now. Returns how many. */
  public int deliver(Predicate<Passage> rule) {
    List<Held> due = new ArrayList<>();
    synchronized (held) {
      held.removeIf(one -> rule.test(one.passage()) && due.add(one));
    }
    due.forEach(one -> pool.execute(one.delivery()));
    return due.size();
  }

  private synchronized Collection<HostName> hosts() {
    return List.copyOf(members.keySet());
  }

  private synchronized Optional<Member> member(HostName host) {
    return Optional.ofNullable(members.get(host));
  }

  private void viewsChanged() {
    for (HostName host : hosts()) {
      member(host).ifPresent(Member::tellView);
    }
  }

  private void pass(Passage passage, Runnable delivery) {
    if (cuts.contains(new Way(passage.from(), passage.to()))
        || losses.stream().anyMatch(rule -> rule.test(passage))) {
      return;
    }
    if (holds.stream().anyMatch(rule -> rule.test(passage))) {
      synchronized (held) {
        held.add(new Held(passage, delivery));
      }
      return;
    }
    pool.execute(delivery);
  }

  @Override
  public void close() {
    for (HostName host : hosts()) {
      member(host).ifPresent(Member::close);
    }
    timer.shutdownNow();
    pool.shutdownNow();
  }

  /** One host's end. */
  private final class Member implements Channel {
    private final HostName self;
    private final Map<String, Handler> services = new ConcurrentHashMap<>();
    private final List<Consumer<Set<HostName>>> listeners = new ArrayList<>();
    private final Map<CompletableFuture<byte[]>, HostName> underWay = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Member(HostName self) {
      this.self = self;
    }

    @Override
    public HostName self() {
      return self;
    }

    @Override
    public void send(HostName to, String service, byte[] body) {
      if (!closed && view().contains(to)) {
        pass(
            new Passage(self, to, service, false, body),
            () -> member(to).ifPresent(member -> member.handle(self, service, body)));
      }
    }

    @Override
    public CompletionStage<byte[]> ask(HostName to, String service, byte[] body, Duration timeout) {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      if (closed || !view().contains(to)) {
        answer.completeExceptionally(
            new UnreachableException("host '" + to + "' is not reachable"));
        return answer;
      }
      underWay.put(answer, to);
      var alarm =
          timer.schedule(
              () -> pool.execute(() -> fail(answer, "did not answer within " + timeout)),
              timeout.toNanos(),
              TimeUnit.NANOSECONDS);
      CompletionStage<byte[]> settled =
          answer.whenComplete(
              (body1, failure) -> {
                underWay.remove(answer);
                alarm.cancel(false);
              });
      pass(
          new Passage(self, to, service, false, body),
          () -> member(to).ifPresent(member -> member.answer(self, service, body, answer)));
      return settled;
    }

    private void fail(CompletableFuture<byte[]> answer, String reason) {
      answer.completeExceptionally(new UnreachableException(reason));
    }

    private void answer(
        HostName from, String service, byte[] body, CompletableFuture<byte[]> answer) {
      handle(from, service, body)
          .whenComplete(
              (reply, failure) -> {
                byte[] bytes = reply == null ? new byte[0] : reply;
                Passage back = new Passage(self, from, service, true, bytes);
                pass(
                    back,
                    () -> {
                      if (failure == null) {
                        answer.complete(bytes);
                      } else {
                        answer.completeExceptionally(new RefusedException(failure.toString()));
                      }
                    });
              });
    }

    private CompletionStage<byte[]> handle(HostName from, String service, byte[] body) {
      Handler handler = services.get(service);
      if (closed || handler == null) {
        return CompletableFuture.failedStage(
            new RefusedException("service '" + service + "' is not served (yet)"));
      }
      try {
        return handler.handle(from, body);
      } catch (RuntimeException e) {
        return CompletableFuture.failedStage(e);
      }
    }

    @Override
    public void serve(String service, Handler handler) {
      if (services.putIfAbsent(service, handler) != null) {
        throw new IllegalStateException("service '" + service + "' is served already");
      }
    }

    @Override
    public synchronized void onView(Consumer<Set<HostName>> listener) {
      listeners.add(listener);
      listener.accept(view());
    }

    private Set<HostName> view() {
      Set<HostName> view = new HashSet<>();
      for (HostName host : hosts()) {
        if (!unseen.contains(new Way(self, host))) {
          view.add(host);
        }
      }
      return view;
    }

    private synchronized void tellView() {
      Set<HostName> view = new TreeSet<>(view());
      underWay.forEach(
          (answer, to) -> {
            if (!view.contains(to)) {
              pool.execute(() -> fail(answer, "host '" + to + "' left before it answered"));
            }
          });
      listeners.forEach(listener -> listener.accept(view));
    }

    @Override
    public void close() {
      closed = true;
      synchronized (SimulatedNetwork.this) {
        members.remove(self, this);
      }
      underWay.keySet().forEach(answer -> fail(answer, "asked as this host left"));
      viewsChanged();
    }
  }
}
