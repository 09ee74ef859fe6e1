package io.nsm.samples.term;

import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.process.MapUnavailableException;
import io.nsm.process.ProcessContext;
import io.nsm.process.SharedMap;
import io.nsm.process.Term;
import io.nsm.samples.pipeline.MemoryCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TermLoopTest {

  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final MemoryCluster cluster = MemoryCluster.calm();
  private final Recorded context = new Recorded();

  @Test
  void ends_a_pause_at_once_and_lets_go_when_the_term_ends() throws Exception {
    Term term = cluster.grant("importer");
    CountDownLatch pausing = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Steps steps =
        new Steps() {
          @Override
          public Optional<Duration> step() {
            pausing.countDown();
            return Optional.of(FOR_EVER);
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };

    TermLoop loop = TermLoop.start(context, term, steps);
    pausing.await();
    loop.end();

    assertThat(closed.getCount()).isZero();
  }

  @Test
  void tries_a_step_again_while_the_maps_cannot_be_reached() throws Exception {
    BlockingQueue<String> attempts = new LinkedBlockingQueue<>();
    Steps steps =
        () -> {
          attempts.add("attempt");
          if (attempts.size() < 3) {
            throw new MapUnavailableException("no quorum");
          }
          context.failures.add("finished");
          return Steps.FINISHED;
        };

    TermLoop.start(context, cluster.grant("importer"), steps);

    assertThat(context.failures.poll(20, TimeUnit.SECONDS)).isEqualTo("finished");
    assertThat(attempts).hasSize(3);
  }

  @Test
  void tells_operators_why_the_work_cannot_go_on() throws Exception {
    TermLoop.start(
        context,
        cluster.grant("importer"),
        () -> {
          throw new WorkFailedException("flights.csv:3: what is this?");
        });

    assertThat(context.failures.poll(20, TimeUnit.SECONDS))
        .isEqualTo("flights.csv:3: what is this?");
  }

  @Test
  void takes_no_step_once_the_term_is_over() throws Exception {
    TermLoop loop =
        TermLoop.start(
            context,
            new EndedTerm(),
            () -> {
              context.failures.add("acted");
              return Steps.FINISHED;
            });

    loop.end();

    assertThat(context.failures).isEmpty();
  }

  @Test
  void waits_longer_after_each_failure_up_to_a_bound() {
    Backoff backoff = Backoff.NONE.failedAgain();
    assertThat(backoff.pause()).isEqualTo(Duration.ofMillis(20));
    assertThat(backoff.failedAgain().pause()).isEqualTo(Duration.ofMillis(40));
    for (int i = 0; i < 1_000; i++) {
      backoff = backoff.failedAgain();
    }
    assertThat(backoff.pause()).isEqualTo(Duration.ofSeconds(1));
  }

  private static final class Recorded implements ProcessContext {
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @Override
    public String process() {
      return "importer";
    }

    @Override
    public int instance() {
      return 1;
    }

    @Override
    public String host() {
      return "host1";
    }

    @Override
    public List<String> args() {
      return List.of();
    }

    @Override
    public Map<String, Integer> ports() {
      return Map.of();
    }

    @Override
    public SharedMap map(String name) {
      throw new UnsupportedOperationException("no maps here");
    }

    @Override
    public void complete() {
      failures.add("completed");
    }

    @Override
    public void fail(String reason) {
      failures.add(reason);
    }
  }
}
