package io.nsm.process.runtime;

import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Save;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the agent was asked and has not answered. A save is asked again after the link broke, as the
 * ledger knows its own duplicate; an operation on a map is not, as it may have taken place.
 *
 * <p>Guarded by the link's lock, but for the waiting.
 */
final class Unanswered {
  private record PendingSave(Save save, CompletableFuture<SaveResult> answer) {}

  private record PendingCall(MapCall call, CompletableFuture<MapAnswered> answer) {}

  private final Map<Long, PendingSave> saves = new TreeMap<>();
  private final Map<Long, PendingCall> sentCalls = new HashMap<>();
  private final Map<Long, PendingCall> unsentCalls = new TreeMap<>();
  private long lastCorrelation;
  private long overEpoch;

  long nextCorrelation() {
    return ++lastCorrelation;
  }

  /** Waits for the answer to a save; not at all if its term is over by now. */
  CompletableFuture<SaveResult> add(Save save) {
    CompletableFuture<SaveResult> answer = new CompletableFuture<>();
    if (save.epoch() <= overEpoch) {
      answer.complete(SaveResult.TERM_ENDED);
    }
    saves.put(save.correlation(), new PendingSave(save, answer));
    return answer;
  }

  CompletableFuture<MapAnswered> add(MapCall call, boolean sent) {
    CompletableFuture<MapAnswered> answer = new CompletableFuture<>();
    (sent ? sentCalls : unsentCalls).put(call.correlation(), new PendingCall(call, answer));
    return answer;
  }

  void forget(long correlation) {
    saves.remove(correlation);
    sentCalls.remove(correlation);
    unsentCalls.remove(correlation);
  }

  /** What is to be asked on a new connection; counts as sent. */
  List<ToAgent> toSend() {
    List<ToAgent> messages = new ArrayList<>();
    saves.values().forEach(pending -> messages.add(pending.save()));
    unsentCalls.values().forEach(pending -> messages.add(pending.call()));
    sentCalls.putAll(unsentCalls);
    unsentCalls.clear();
    return messages;
  }

  void linkBroke() {
    sentCalls.forEach(
        (correlation, pending) ->
            pending
                .answer()
                .complete(
                    new MapAnswered(
                        correlation,
                        MapStatus.UNKNOWN,
                        0,
                        List.of(),
                        "the link to the agent broke before it answered")));
    sentCalls.clear();
  }

  /** Ends the wait of saves in an epoch or earlier ones, also of those that come after this. */
  void endSaves(long epoch) {
    overEpoch = Math.max(overEpoch, epoch);
    saves.values().stream()
        .filter(pending -> pending.save().epoch() <= epoch)
        .forEach(pending -> pending.answer().complete(SaveResult.TERM_ENDED));
  }

  /** The epoch that an answer shows to be over, if it does. */
  Optional<Long> epochEndedBy(SaveAnswered answer) {
    return Optional.ofNullable(saves.get(answer.correlation()))
        .filter(pending -> answer.result() == SaveResult.TERM_ENDED)
        .map(pending -> pending.save().epoch());
  }

  /** The epoch that an answer shows to be over, if it does. */
  Optional<Long> epochEndedBy(MapAnswered answer) {
    return Optional.ofNullable(sentCalls.get(answer.correlation()))
        .filter(pending -> answer.status() == MapStatus.FENCED)
        .filter(pending -> pending.call().fence().isPresent())
        .map(pending -> pending.call().fence().getAsLong());
  }

  /** An answer nobody waits for any more is dropped. */
  void answered(SaveAnswered answer) {
    Optional.ofNullable(saves.remove(answer.correlation()))
        .ifPresent(pending -> pending.answer().complete(answer.result()));
  }

  /** An answer nobody waits for any more is dropped. */
  void answered(MapAnswered answer) {
    Optional.ofNullable(sentCalls.remove(answer.correlation()))
        .ifPresent(pending -> pending.answer().complete(answer));
  }

  /** Waits for an answer; empty if the time was over or the waiting thread was interrupted. */
  static <T> Optional<T> await(CompletableFuture<T> answer, long timeoutNanos) {
    try {
      return Optional.of(answer.get(Math.max(0, timeoutNanos), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("answers are values", e);
    }
  }
}
