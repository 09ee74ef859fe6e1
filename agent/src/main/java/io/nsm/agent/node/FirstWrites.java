package io.nsm.agent.node;

import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapOperation.Fence;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.ledger.Answer;
import io.nsm.supervisor.ledger.Command;
import io.nsm.supervisor.ledger.LedgerState;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Holds back the first write of a process under its grant until the ledger knows that it writes. So
 * a grant that does not know of any needs no fence: no older write is anywhere, and none will be,
 * as the ledger takes that word in the current epoch only. Not thread-safe: one loop owns it.
 */
public final class FirstWrites {

  /** The way to the ledger. */
  public interface Words {
    /** Submits; calls back once on the loop, with nothing if the outcome is not known. */
    void submit(Command.Writes word, Consumer<Optional<Answer>> then);
  }

  private final Supplier<LedgerState> copy;
  private final Words words;

  /** The newest epoch of each process for which the ledger took the word of this agent. */
  private final Map<ProcessName, Epoch> taken = new HashMap<>();

  /** What waits for an answer; bounded by what a link may leave unanswered. */
  private final Map<Fence, List<Consumer<Optional<MapResult>>>> waiting = new HashMap<>();

  /**
   * @param copy this host's copy of the ledger, however old
   */
  public FirstWrites(Supplier<LedgerState> copy, Words words) {
    this.copy = copy;
    this.words = words;
  }

  /**
   * Lets an operation through, or says what it comes to.
   *
   * @param then is called once, at once or later: with nothing if the operation may be handed to
   *     the grid, else with its result
   */
  public void admit(MapOperation operation, Consumer<Optional<MapResult>> then) {
    Optional<Fence> fence = operation.fence();
    if (fence.isEmpty() || known(fence.get())) {
      then.accept(Optional.empty());
      return;
    }
    List<Consumer<Optional<MapResult>>> before = waiting.get(fence.get());
    if (before != null) {
      before.add(then);
      return;
    }
    waiting.put(fence.get(), new ArrayList<>(List.of(then)));
    Command.Writes word = new Command.Writes(fence.get().process(), fence.get().epoch());
    words.submit(word, answer -> answered(fence.get(), answer));
  }

  private boolean known(Fence fence) {
    Epoch said = taken.get(fence.process());
    return (said != null && !said.isAfter(fence.epoch()))
        || copy.get().writesSince(fence.process(), fence.epoch());
  }

  private void answered(Fence fence, Optional<Answer> answer) {
    if (answer.filter(Answer::effective).isPresent()) {
      taken.merge(fence.process(), fence.epoch(), (a, b) -> a.isAfter(b) ? a : b);
    }
    Optional<MapResult> refusal =
        answer
            .map(FirstWrites::refusal)
            .orElseGet(
                () ->
                    Optional.of(
                        new MapResult.Unknown(
                            "not done: the ledger did not answer that this process writes")));
    Optional.ofNullable(waiting.remove(fence))
        .ifPresent(all -> all.forEach(then -> then.accept(refusal)));
  }

  private static Optional<MapResult> refusal(Answer answer) {
    if (answer.effective()) {
      return Optional.empty();
    }
    return Optional.of(
        answer instanceof Answer.Fenced fenced
            ? new MapResult.Fenced(fenced.current())
            : new MapResult.Unknown("not done: the ledger answered " + answer));
  }
}
