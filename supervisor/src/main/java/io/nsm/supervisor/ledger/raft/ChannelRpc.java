package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Ratis' messages to other members as questions on the channel: one byte that says which of the
 * four it is, then Ratis' own protobuf bytes.
 */
final class ChannelRpc implements RaftServerRpc {
  static final String SERVICE = "raft";

  private enum Kind {
    APPEND,
    VOTE,
    SNAPSHOT,
    ELECTION
  }

  private static final Kind[] KINDS = Kind.values();

  private final RaftServer server;
  private final Carrier carrier;
  private final RpcType type;
  private volatile boolean open;

  ChannelRpc(RaftServer server, Carrier carrier, RpcType type) {
    this.server = server;
    this.carrier = carrier;
    this.type = type;
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    carrier.news().sending(request);
    AppendEntriesReplyProto reply =
        AppendEntriesReplyProto.parseFrom(
            ask(Kind.APPEND, request.getServerRequest(), request.toByteString()));
    carrier.news().answered(request, reply);
    return reply;
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    // The candidate's vote for itself.
    carrier.votes().sync();
    return RequestVoteReplyProto.parseFrom(
        ask(Kind.VOTE, request.getServerRequest(), request.toByteString()));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return InstallSnapshotReplyProto.parseFrom(
        ask(Kind.SNAPSHOT, request.getServerRequest(), request.toByteString()));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return StartLeaderElectionReplyProto.parseFrom(
        ask(Kind.ELECTION, request.getServerRequest(), request.toByteString()));
  }

  private byte[] ask(Kind kind, RaftRpcRequestProto head, ByteString body) throws IOException {
    HostName to = new HostName(head.getReplyId().toStringUtf8());
    byte[] message = new byte[1 + body.size()];
    message[0] = (byte) kind.ordinal();
    body.copyTo(message, 1);
    try {
      return carrier
          .channel()
          .ask(to, SERVICE, message, carrier.request())
          .toCompletableFuture()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(kind + " to '" + to + "'");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw new IOException(kind + " to host '" + to + "': " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void start() {
    open = true;
    carrier.channel().serve(SERVICE, (from, message) -> serve(message));
  }

  private CompletionStage<byte[]> serve(byte[] message) {
    if (!open || message.length == 0 || message[0] < 0 || message[0] >= KINDS.length) {
      return CompletableFuture.failedStage(new IOException("the ledger is closed here"));
    }
    try {
      return serve(KINDS[message[0]], ByteString.copyFrom(message, 1, message.length - 1));
    } catch (IOException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<byte[]> serve(Kind kind, ByteString body) throws IOException {
    return switch (kind) {
      case APPEND ->
          server
              .appendEntriesAsync(CommitBound.apply(AppendEntriesRequestProto.parseFrom(body)))
              .thenApply(AppendEntriesReplyProto::toByteArray);
      case VOTE -> {
        RequestVoteReplyProto reply = server.requestVote(RequestVoteRequestProto.parseFrom(body));
        carrier.votes().sync();
        yield CompletableFuture.completedStage(reply.toByteArray());
      }
      case SNAPSHOT ->
          CompletableFuture.completedStage(
              server.installSnapshot(InstallSnapshotRequestProto.parseFrom(body)).toByteArray());
      case ELECTION ->
          CompletableFuture.completedStage(
              server
                  .startLeaderElection(StartLeaderElectionRequestProto.parseFrom(body))
                  .toByteArray());
    };
  }

  @Override
  public void notifyNotLeader(RaftGroupId group) {
    carrier.news().clear();
  }

  @Override
  public RpcType getRpcType() {
    return type;
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    // Members are found by name, not by address.
    return InetSocketAddress.createUnresolved("channel", 0);
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {}

  @Override
  public void handleException(RaftPeerId host, Exception failure, boolean reconnect) {}

  @Override
  public void close() {
    open = false;
  }
}
