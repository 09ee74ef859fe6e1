package io.nsm.supervisor.ledger;

import io.nsm.supervisor.wire.Json;
import java.util.function.Consumer;

/**
 * This member's copy of what the ledger decided: turns the log's bytes into commands, applies them
 * by the {@link Rules} and tells each result to one listener, in the log's order.
 */
public final class Replica implements StateMachine {

  /** The form of commands and snapshots that this build writes, and the newest that it reads. */
  private static final int FORMAT = 1;

  private final Consumer<Change> listener;
  private LedgerState state = LedgerState.EMPTY;

  public Replica(Consumer<Change> listener) {
    this.listener = listener;
  }

  /** What a member's copy became. */
  public sealed interface Change {
    LedgerState state();

    long index();
  }

  /** One entry was applied. */
  public record Entry(long index, long term, Command command, Answer answer, LedgerState state)
      implements Change {}

  /** The copy was replaced as a whole, by a snapshot. */
  public record Replaced(long index, LedgerState state) implements Change {}

  private record CommandForm(int format, Command command) {}

  private record SnapshotForm(int format, LedgerState state) {}

  /** The bytes of a command, as they stand in the log. */
  public static byte[] encode(Command command) {
    return Json.bytes(new CommandForm(FORMAT, command));
  }

  /**
   * What the ledger answered to a command.
   *
   * @param index the place of the command's entry: a copy that has come so far knows of it
   */
  public record Answered(long index, Answer answer) {}

  /** Reads what the ledger answered to a command. */
  public static Answered answered(byte[] bytes) {
    return Json.readOwn(bytes, Answered.class);
  }

  @Override
  public byte[] apply(long index, long term, byte[] bytes) {
    CommandForm form = Json.readOwn(bytes, CommandForm.class);
    refuseNewer(form.format(), "entry " + index);
    Rules.Applied applied = Rules.apply(state, index, term, form.command());
    state = applied.state();
    listener.accept(new Entry(index, term, form.command(), applied.answer(), state));
    return Json.bytes(new Answered(index, applied.answer()));
  }

  @Override
  public byte[] snapshot() {
    return Json.bytes(new SnapshotForm(FORMAT, state));
  }

  @Override
  public void restore(long index, byte[] snapshot) {
    SnapshotForm form = Json.readOwn(snapshot, SnapshotForm.class);
    refuseNewer(form.format(), "the snapshot at " + index);
    state = form.state();
    listener.accept(new Replaced(index, state));
  }

  private static void refuseNewer(int format, String what) {
    if (format > FORMAT) {
      throw new IllegalStateException(
          "%s of the ledger has format %d, this build reads up to %d: upgrade this agent"
              .formatted(what, format, FORMAT));
    }
  }
}
