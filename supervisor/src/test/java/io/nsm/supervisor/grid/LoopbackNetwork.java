package io.nsm.supervisor.grid;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Channels within one JVM that can be cut: a question over a cut is silently lost. */
public final class LoopbackNetwork implements AutoCloseable {
  private final Map<HostName, End> ends = new TreeMap<>();
  private final Set<List<HostName>> cuts = ConcurrentHashMap.newKeySet();
  private final Set<List<HostName>> unseen = ConcurrentHashMap.newKeySet();
  private final ExecutorService pool =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "loopback");
            thread.setDaemon(true);
            return thread;
          });

  /** A new channel of a host; it is in everybody's view at once. */
  public synchronized Channel open(HostName host) {
    End end = new End(host);
    ends.put(host, end);
    views();
    return end;
  }

  /** Loses all between two hosts from now on; views stay as they are. */
  public void cut(HostName a, HostName b) {
    cuts.add(List.of(a, b));
    cuts.add(List.of(b, a));
  }

  /** Loses what one host sends to another, answers included; views stay as they are. */
  public void cutOneWay(HostName from, HostName to) {
    cuts.add(List.of(from, to));
  }

  /** Lets hosts that are cut from each other, both ways or one, notice it. */
  public synchronized void notice() {
    unseen.clear();
    cuts.forEach(this::forget);
    views();
  }

  /** Lets all hosts but one notice, each, that it is cut from that one. */
  public synchronized void noticeAllBut(HostName unaware) {
    unseen.clear();
    cuts.forEach(this::forget);
    unseen.removeIf(pair -> pair.get(0).equals(unaware));
    views();
  }

  /** Lets all others take a host for lost that still reaches them, and does not know it. */
  public synchronized void suspect(HostName host) {
    hosts().forEach(other -> unseen.add(List.of(other, host)));
    unseen.remove(List.of(host, host));
    views();
  }

  private void forget(List<HostName> pair) {
    unseen.add(pair);
    unseen.add(List.of(pair.get(1), pair.get(0)));
  }

  /** Ends all cuts, and lets everybody notice. */
  public synchronized void heal() {
    cuts.clear();
    notice();
  }

  private synchronized void views() {
    for (End end : ends.values()) {
      end.see();
    }
  }

  private synchronized Optional<End> end(HostName host) {
    return Optional.ofNullable(ends.get(host));
  }

  private synchronized Collection<HostName> hosts() {
    return List.copyOf(ends.keySet());
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private final class End implements Channel {
    private final HostName self;
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Consumer<Set<HostName>>> listeners = new CopyOnWriteArrayList<>();

    End(HostName self) {
      this.self = self;
    }

    @Override
    public HostName self() {
      return self;
    }

    @Override
    public void send(HostName to, String service, byte[] body) {
      ask(to, service, body, Duration.ofSeconds(1));
    }

    @Override
    public CompletionStage<byte[]> ask(HostName to, String service, byte[] body, Duration timeout) {
      Optional<End> target = end(to);
      if (target.isEmpty()) {
        return CompletableFuture.failedStage(new UnreachableException(to + " is gone"));
      }
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      if (!cuts.contains(List.of(self, to))) {
        pool.execute(() -> target.get().handle(self, service, body, answer));
      }
      return answer
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .exceptionallyCompose(
              failure ->
                  CompletableFuture.failedFuture(
                      failure instanceof TimeoutException
                          ? new UnreachableException(to + " did not answer in " + timeout)
                          : failure));
    }

    private void handle(
        HostName from, String service, byte[] body, CompletableFuture<byte[]> answer) {
      Handler handler = handlers.get(service);
      if (handler == null || end(self).filter(this::equals).isEmpty()) {
        answer.completeExceptionally(new RefusedException(self + " does not serve " + service));
        return;
      }
      CompletionStage<byte[]> handled;
      try {
        handled = handler.handle(from, body);
      } catch (RuntimeException e) {
        handled = CompletableFuture.failedStage(e);
      }
      handled.whenComplete(
          (bytes, failure) -> {
            if (cuts.contains(List.of(self, from))) {
              return;
            }
            if (failure == null) {
              answer.complete(bytes);
            } else {
              answer.completeExceptionally(new RefusedException(failure.toString()));
            }
          });
    }

    @Override
    public void serve(String service, Handler handler) {
      handlers.put(service, handler);
    }

    @Override
    public void onView(Consumer<Set<HostName>> listener) {
      listeners.add(listener);
      see();
    }

    void see() {
      Set<HostName> view = new HashSet<>(hosts());
      view.removeIf(host -> unseen.contains(List.of(self, host)));
      listeners.forEach(listener -> listener.accept(Set.copyOf(view)));
    }

    @Override
    public void close() {
      synchronized (LoopbackNetwork.this) {
        if (ends.remove(self, this)) {
          views();
        }
      }
    }
  }
}
