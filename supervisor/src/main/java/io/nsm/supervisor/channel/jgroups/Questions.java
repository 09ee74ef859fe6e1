package io.nsm.supervisor.channel.jgroups;

import io.nsm.supervisor.channel.Channel.RefusedException;
import io.nsm.supervisor.channel.Channel.UnreachableException;
import io.nsm.supervisor.model.HostName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The questions under way, each answered exactly once. */
final class Questions {
  /** More than this many are not put; whoever asks learns at once. */
  static final int MAX_UNDER_WAY = 8_192;

  private record Question(HostName to, CompletableFuture<byte[]> answer, Future<?> timeout) {}

  // Begins somewhere at random, so that no answer to an earlier life of this host can fit.
  private final AtomicLong correlations = new AtomicLong(new SecureRandom().nextLong());
  private final ConcurrentHashMap<Long, Question> underWay = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer;
  private final Executor pool;

  Questions(ScheduledExecutorService timer, Executor pool) {
    this.timer = timer;
    this.pool = pool;
  }

  /** A question as it was put. */
  record Put(long correlation, CompletionStage<byte[]> answer) {}

  Put put(HostName to, String service, Duration timeout) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    long correlation = correlations.getAndIncrement();
    if (underWay.size() >= MAX_UNDER_WAY) {
      answer.completeExceptionally(
          new UnreachableException(MAX_UNDER_WAY + " questions are under way already"));
      return new Put(correlation, answer);
    }
    String late = "host '" + to + "' did not answer '" + service + "' within " + timeout;
    Future<?> alarm =
        timer.schedule(() -> fail(correlation, late), timeout.toNanos(), TimeUnit.NANOSECONDS);
    underWay.put(correlation, new Question(to, answer, alarm));
    return new Put(correlation, answer);
  }

  void answer(HostName from, long correlation, byte[] body) {
    take(from, correlation, answer -> answer.complete(body));
  }

  void refuse(HostName from, long correlation, byte[] reason) {
    RefusedException refused =
        new RefusedException("host '" + from + "': " + new String(reason, StandardCharsets.UTF_8));
    take(from, correlation, answer -> answer.completeExceptionally(refused));
  }

  void fail(long correlation, String reason) {
    Question question = underWay.remove(correlation);
    if (question != null) {
      end(question, answer -> answer.completeExceptionally(new UnreachableException(reason)));
    }
  }

  /** Fails what was asked of hosts that are no longer reachable. */
  void failAllBut(Set<HostName> reachable, String reason) {
    underWay.forEach(
        (correlation, question) -> {
          if (!reachable.contains(question.to())) {
            fail(correlation, "host '" + question.to() + "' " + reason);
          }
        });
  }

  private interface Ending {
    boolean end(CompletableFuture<byte[]> answer);
  }

  private void take(HostName from, long correlation, Ending ending) {
    Question question = underWay.get(correlation);
    if (question != null && question.to().equals(from) && underWay.remove(correlation, question)) {
      end(question, ending);
    }
  }

  private void end(Question question, Ending ending) {
    question.timeout().cancel(false);
    pool.execute(() -> ending.end(question.answer()));
  }
}
