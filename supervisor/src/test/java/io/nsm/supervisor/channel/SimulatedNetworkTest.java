package io.nsm.supervisor.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest extends ChannelContract {
  private final SimulatedNetwork network = new SimulatedNetwork();

  @Override
  protected Channel join(HostName host) {
    return network.join(host);
  }

  @AfterEach
  void end() {
    network.close();
  }

  @Test
  void a_cut_holds_in_one_direction_only() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    a.serve("note", (from, body) -> note(got, "a"));
    b.serve("note", (from, body) -> note(got, "b"));
    network.cut(A, B);

    a.send(B, "note", new byte[0]);
    b.send(A, "note", new byte[0]);

    assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(got).isEmpty();
  }

  @Test
  void what_is_held_arrives_when_it_is_delivered() throws Exception {
    Channel a = join(A);
    Channel b = join(B);
    b.serve("echo", (from, body) -> CompletableFuture.completedStage(body));
    network.hold(passage -> passage.answer());

    CompletionStage<byte[]> answer = a.ask(B, "echo", new byte[] {7}, Duration.ofHours(1));
    while (network.held().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(answer.toCompletableFuture()).isNotDone();

    assertThat(network.deliver(passage -> true)).isEqualTo(1);
    assertThat(answer.toCompletableFuture().get(20, TimeUnit.SECONDS)).containsExactly(7);
  }

  private static CompletionStage<byte[]> note(BlockingQueue<String> got, String text) {
    got.add(text);
    return CompletableFuture.completedStage(new byte[0]);
  }
}
