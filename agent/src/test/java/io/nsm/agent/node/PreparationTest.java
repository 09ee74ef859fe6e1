package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.grant;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.agent.link.Links.Saved;
import io.nsm.supervisor.grid.Grid;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.Grant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What host a does before worker/1 acts in epoch 7, over a grid in memory. */
class PreparationTest {
  private static final byte[] BYTES = {4, 5};
  private static final CheckpointRef REF =
      new CheckpointRef(WORKER.process(), new Epoch(5), 3, Digest.of(BYTES), BYTES.length);
  private static final Grant.Held GRANT = grant(run(1), 7);

  private final MemoryGrid grid = new MemoryGrid();
  private boolean writes = true;

  @Test
  void raises_the_fence_although_there_is_no_checkpoint() throws Exception {
    assertThat(prepared(Optional.empty(), Optional.empty())).isEmpty();

    assertThat(grid.fence()).isEqualTo(new Epoch(7));
  }

  @Test
  void raises_the_fence_again_until_that_is_known() throws Exception {
    grid.loseAnswers(2);

    assertThat(prepared(Optional.empty(), Optional.empty())).isEmpty();

    assertThat(grid.fence()).isEqualTo(new Epoch(7));
  }

  @Test
  void raises_no_fence_where_nothing_was_ever_written() throws Exception {
    writes = false;
    grid.store(REF, BYTES);

    assertThat(prepared(Optional.of(REF), Optional.empty())).isPresent();

    assertThat(grid.fence()).isEqualTo(Epoch.NONE);
  }

  @Test
  void takes_the_bytes_that_came_with_the_ledger() throws Exception {
    Saved saved = prepared(Optional.of(REF), Optional.of(BYTES)).orElseThrow();

    assertThat(saved.bytes()).isEqualTo(BYTES);
    assertThat(saved.epoch()).isEqualTo(REF.epoch());
    assertThat(saved.sequence()).isEqualTo(3);
  }

  @Test
  void does_not_take_bytes_of_another_digest() {
    assertThatThrownBy(() -> prepared(Optional.of(REF), Optional.of(new byte[] {9})))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another digest");
  }

  @Test
  void fetches_bytes_from_the_grid() throws Exception {
    grid.store(REF, BYTES);

    assertThat(prepared(Optional.of(REF), Optional.empty()).orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void gives_up_loudly_when_every_voter_says_that_it_has_no_bytes() {
    CompletableFuture<Optional<Saved>> prepared =
        preparation(Optional.of(REF), Optional.empty()).run().toCompletableFuture();

    assertThat(prepared.handle((saved, failure) -> Preparation.why(failure)).join())
        .contains("NO_BYTES");
  }

  @Test
  void waits_for_a_voter_that_may_have_the_bytes_instead_of_taking_older_ones() throws Exception {
    CheckpointRef older =
        new CheckpointRef(WORKER.process(), new Epoch(5), 2, Digest.of(BYTES), BYTES.length);
    grid.store(older, BYTES);
    grid.silence("c");
    CompletableFuture<Optional<Saved>> waiting =
        preparation(Optional.of(REF), Optional.empty()).run().toCompletableFuture();
    assertThat(waiting).isNotDone();

    grid.hear("c", REF, BYTES);

    assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().sequence()).isEqualTo(3);
  }

  @Test
  void gives_up_when_the_grid_does_not_start() {
    Preparation preparation =
        new Preparation(
            new CompletableFuture<>(),
            GRANT,
            Optional.of(REF),
            Optional.empty(),
            false,
            Optional.empty(),
            Duration.ofMillis(20));

    assertThat(
            preparation
                .run()
                .handle((saved, failure) -> Preparation.why(failure))
                .toCompletableFuture()
                .join())
        .contains("NOT_PREPARED");
  }

  private Optional<Saved> prepared(Optional<CheckpointRef> checkpoint, Optional<byte[]> inline)
      throws Exception {
    return preparation(checkpoint, inline).run().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Preparation preparation(Optional<CheckpointRef> checkpoint, Optional<byte[]> inline) {
    CompletionStage<Grid> started = CompletableFuture.completedFuture(grid);
    return new Preparation(started, GRANT, checkpoint, inline, writes, Optional.empty());
  }
}
