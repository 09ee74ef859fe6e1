package io.nsm.supervisor.channel;

import io.nsm.supervisor.model.HostName;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Messages between agents. Delivery is not promised, nor its order; who is reachable is a hint and
 * never a proof.
 */
public interface Channel extends AutoCloseable {

  /** The name of this host. */
  HostName self();

  /** Sends without an answer; a host that is not reachable is passed over in silence. */
  void send(HostName to, String service, byte[] body);

  /**
   * Asks a host. Fails with {@link UnreachableException} when the host is not reachable, leaves
   * before it answered, or does not answer in time; with {@link RefusedException} when the service
   * there failed.
   */
  CompletionStage<byte[]> ask(HostName to, String service, byte[] body, Duration timeout);

  /** Answers what others send or ask under a name. Handlers run on the channel's own pool. */
  void serve(String service, Handler handler);

  /** Learns who is reachable, at once and at each change. */
  void onView(Consumer<Set<HostName>> listener);

  /** Handles one message. */
  interface Handler {
    /** The answer; ignored for messages that were sent without asking. */
    CompletionStage<byte[]> handle(HostName from, byte[] body);
  }

  /** A host did not answer; whether it acted is unknown. */
  final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String reason) {
      super(reason);
    }
  }

  /** A host answered that it could not do what was asked. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String reason) {
      super(reason);
    }
  }

  @Override
  void close();
}
