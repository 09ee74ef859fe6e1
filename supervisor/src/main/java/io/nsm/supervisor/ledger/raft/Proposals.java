package io.nsm.supervisor.ledger.raft;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer.Division;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Hands commands to this member's own log. Ratis answers "not the leader" both to what it never
 * appended and to what it appended and then lost the lead over; the two are told apart by watching
 * what is about to be appended.
 */
final class Proposals {
  private final Map<ClientInvocationId, AtomicBoolean> underWay = new ConcurrentHashMap<>();

  /** Ratis is about to append; called before the entry is in the log. */
  void appending(TransactionContext transaction) {
    RaftClientRequest request = transaction.getClientRequest();
    if (request == null) {
      return;
    }
    AtomicBoolean appended = underWay.get(ClientInvocationId.valueOf(request));
    if (appended != null) {
      appended.set(true);
    }
  }

  /**
   * Hands over one command. The stage completes on Ratis' thread: what depends on it must not
   * block.
   */
  CompletionStage<Attempt> propose(Division division, ClientId client, long call, byte[] command) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(division.getMemberId().getGroupId())
            .setCallId(call)
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    ClientInvocationId id = ClientInvocationId.valueOf(client, call);
    AtomicBoolean appended = new AtomicBoolean();
    AtomicBoolean before = underWay.putIfAbsent(id, appended);
    AtomicBoolean watched = before == null ? appended : before;
    return hand(division, request)
        .handle(
            (reply, failure) -> {
              underWay.remove(id, appended);
              if (failure == null && reply.isSuccess()) {
                return Attempt.applied(reply.getMessage().getContent().toByteArray());
              }
              String reason = reason(reply, failure);
              return watched.get() ? Attempt.perhaps(reason) : Attempt.notAppended(reason);
            });
  }

  /** Past Ratis' own pools where it can be: they would cost two changes of thread. */
  private static CompletableFuture<RaftClientReply> hand(
      Division division, RaftClientRequest request) {
    try {
      return division instanceof RaftClientAsynchronousProtocol direct
          ? direct.submitClientRequestAsync(request)
          : division.getRaftServer().submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String reason(RaftClientReply reply, Throwable failure) {
    Throwable cause = failure == null ? reply.getException() : failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
