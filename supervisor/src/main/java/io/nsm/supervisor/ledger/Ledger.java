package io.nsm.supervisor.ledger;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The ledger as one member sees it: commands go in, and every member applies the same ones in the
 * same order to its {@link StateMachine}. There is no read: what must be decided is decided by a
 * command.
 */
public interface Ledger extends AutoCloseable {

  /**
   * Submits a command, by way of the leader wherever it is. Retried under one identity until the
   * time is over, so that it is applied at most once.
   */
  CompletionStage<Outcome> submit(byte[] command, Duration timeout);

  /**
   * Appends a command to this member's own log if it leads, never by way of another member and
   * never again. The caller puts its term into the command; the state machine compares it with the
   * entry's.
   */
  CompletionStage<Outcome> append(byte[] command);

  /** What became of a command. */
  sealed interface Outcome {
    /** Must handle every outcome. */
    interface Cases<R> {
      R done(Done done);

      R rejected(Rejected rejected);

      R unknown(Unknown unknown);
    }

    <R> R match(Cases<R> cases);
  }

  /** Applied; the bytes are what the state machine answered. */
  record Done(byte[] answer) implements Outcome {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.done(this);
    }
  }

  /** Never appended, and never will be. */
  record Rejected(String reason) implements Outcome {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.rejected(this);
    }
  }

  /** May be applied, now or later, or not. */
  record Unknown(String reason) implements Outcome {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.unknown(this);
    }
  }

  @Override
  void close();
}
