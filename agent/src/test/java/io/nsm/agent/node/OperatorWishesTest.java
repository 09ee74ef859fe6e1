package io.nsm.agent.node;

import static io.nsm.agent.lifecycle.Given.WORKER;
import static io.nsm.agent.lifecycle.Given.hot;
import static io.nsm.agent.lifecycle.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionRequest.Action;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.Replica;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.InstanceId;
import io.nsm.supervisor.model.InstanceReport;
import io.nsm.supervisor.model.StateWord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ledger decided, and this host's copy has not come so far: whoever waits for the effect must
 * not take the older copy for what came of the wish.
 */
class OperatorWishesTest {
  private static final long DECIDED_AT = 4_711;
  private static final InstanceId OTHER = InstanceId.parse("worker/2");

  private final Ledgers ledger = Ledgers.placed(hot());
  private final OperatorWishes wishes =
      new OperatorWishes(new Behind(), () -> CompletableFuture.completedStage(view()));

  @ParameterizedTest
  @EnumSource(Action.class)
  void an_action_shows_from_the_place_of_its_own_entry_on(Action action) {
    ledger.grant(run(1));
    ledger.apply(new Command.Place(OTHER, Optional.empty(), Optional.of(Ledgers.B.id())));

    var result = wishes.act(WORKER.process(), action, new ActionRequest("r", Optional.empty()));

    assertThat(result.toCompletableFuture().join().index()).isEqualTo(DECIDED_AT);
  }

  @Test
  void a_declaration_shows_from_the_place_of_its_own_entry_on() {
    var result = wishes.apply(new ApplyRequest("r", Optional.empty(), List.of(hot()), false));

    assertThat(result.toCompletableFuture().join().index()).isEqualTo(DECIDED_AT);
  }

  private ClusterView view() {
    InstanceReport standby =
        new InstanceReport(
            OTHER,
            StateWord.STANDBY,
            Optional.of(run(2)),
            Optional.of(43L),
            Optional.empty(),
            true,
            true,
            Optional.empty(),
            0,
            0,
            Optional.empty(),
            List.of());
    return new ClusterView(
        ClusterViewTest.config(),
        ledger.state(),
        ledger.index(),
        Optional.empty(),
        Set.of(),
        ledger.index(),
        Map.of(Ledgers.B.id(), List.of(standby)),
        Instant.EPOCH);
  }

  private final class Behind implements LedgerHere {
    @Override
    public AgentConfig config() {
      return ClusterViewTest.config();
    }

    @Override
    public Set<HostName> reachable() {
      return Set.of();
    }

    @Override
    public Replica.Change latest() {
      return ledger.copy();
    }

    @Override
    public CompletionStage<Optional<Replica.Answered>> submit(Command command) {
      return CompletableFuture.completedStage(
          Optional.of(new Replica.Answered(DECIDED_AT, new Answer.Done(2))));
    }
  }
}
