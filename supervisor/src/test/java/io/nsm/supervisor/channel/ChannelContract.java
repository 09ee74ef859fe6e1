package io.nsm.supervisor.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.channel.Channel.RefusedException;
import io.nsm.supervisor.channel.Channel.UnreachableException;
import io.nsm.supervisor.model.HostName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every channel holds to. */
public abstract class ChannelContract {
  protected static final HostName A = new HostName("a");
  protected static final HostName B = new HostName("b");
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Joins the one network of this test. */
  protected abstract Channel join(HostName host) throws Exception;

  @Test
  void a_question_gets_the_answer_of_the_host_that_was_asked() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    a.serve("name", (from, body) -> done("a to " + from + " " + text(body)));
    b.serve("name", (from, body) -> done("b to " + from + " " + text(body)));

    assertThat(text(get(a.ask(B, "name", bytes("1"), LONG)))).isEqualTo("b to a 1");
    assertThat(text(get(a.ask(A, "name", bytes("2"), LONG)))).isEqualTo("a to a 2");
    awaitView(b, Set.of(A, B));
    assertThat(text(get(b.ask(A, "name", bytes("3"), LONG)))).isEqualTo("a to b 3");
  }

  @Test
  void a_message_arrives_without_an_answer() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    b.serve(
        "note",
        (from, body) -> {
          got.add(from + " " + text(body));
          return done("ignored");
        });

    a.send(B, "note", bytes("hello"));

    assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("a hello");
  }

  @Test
  void a_failure_of_the_service_is_told_to_whoever_asked() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    b.serve(
        "thrown",
        (from, body) -> {
          throw new IllegalStateException("broken");
        });
    b.serve("failed", (from, body) -> CompletableFuture.failedStage(new Exception("no")));

    assertRefused(a.ask(B, "thrown", bytes(""), LONG), "broken");
    assertRefused(a.ask(B, "failed", bytes(""), LONG), "no");
    assertRefused(a.ask(B, "unheard-of", bytes(""), LONG), "unheard-of");
  }

  @Test
  void a_question_that_is_not_answered_in_time_fails_as_unreachable() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    b.serve("silent", (from, body) -> new CompletableFuture<>());

    assertUnreachable(a.ask(B, "silent", bytes(""), Duration.ofMillis(50)));
  }

  @Test
  void a_question_to_a_host_that_leaves_fails_at_once() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    CompletableFuture<Void> asked = new CompletableFuture<>();
    b.serve(
        "silent",
        (from, body) -> {
          asked.complete(null);
          return new CompletableFuture<>();
        });
    CompletionStage<byte[]> answer = a.ask(B, "silent", bytes(""), Duration.ofHours(1));
    asked.get(20, TimeUnit.SECONDS);

    b.close();

    assertUnreachable(answer);
  }

  @Test
  void a_question_to_a_host_nobody_sees_fails_at_once() throws Exception {
    Channel a = join(A);

    assertUnreachable(a.ask(B, "any", bytes(""), Duration.ofHours(1)));
  }

  @Test
  void everybody_learns_who_joined_and_who_left() throws Exception {
    Channel a = join(A);
    awaitView(a, Set.of(A));
    Channel b = join(B);
    awaitView(a, Set.of(A, B));
    b.close();
    awaitView(a, Set.of(A));
  }

  /** Waits until a member sees exactly these. */
  public static void awaitView(Channel channel, Set<HostName> expected) throws Exception {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    channel.onView(
        view -> {
          if (view.equals(expected)) {
            seen.complete(null);
          }
        });
    seen.get(30, TimeUnit.SECONDS);
  }

  private static void assertUnreachable(CompletionStage<byte[]> answer) {
    assertThatThrownBy(() -> get(answer))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnreachableException.class);
  }

  private static void assertRefused(CompletionStage<byte[]> answer, String why) {
    assertThatThrownBy(() -> get(answer))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RefusedException.class)
        .hasMessageContaining(why);
  }

  private static byte[] get(CompletionStage<byte[]> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static CompletionStage<byte[]> done(String text) {
    return CompletableFuture.completedStage(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
