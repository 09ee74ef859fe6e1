package io.nsm.supervisor.ledger.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServer.Division;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Names the channel as Ratis' transport. Public as Ratis makes it by its class's name. */
public final class ChannelRpcType implements RpcType {
  private static final String CARRIER = "nsm.carrier";

  static Parameters parameters(Carrier carrier) {
    Parameters parameters = new Parameters();
    parameters.put(CARRIER, carrier, Carrier.class);
    return parameters;
  }

  @Override
  public String name() {
    return ChannelRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    Carrier carrier = parameters.getNonNull(CARRIER, Carrier.class);
    return new ServerFactory() {
      @Override
      public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return new ChannelRpc(server, carrier, ChannelRpcType.this);
      }

      @Override
      public LogAppender newLogAppender(Division server, LeaderState state, FollowerInfo follower) {
        LogAppender appender = LogAppender.newLogAppenderDefault(server, state, follower);
        carrier.news().sentBy(appender);
        return appender;
      }

      @Override
      public RpcType getRpcType() {
        return ChannelRpcType.this;
      }
    };
  }
}
