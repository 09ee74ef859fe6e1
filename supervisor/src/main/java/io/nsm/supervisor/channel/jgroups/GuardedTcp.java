package io.nsm.supervisor.channel.jgroups;

import java.util.function.BiConsumer;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.util.AsciiString;
import org.jgroups.util.MessageBatch;

/**
 * The TCP transport, which besides tells of messages that came from another cluster. The transport
 * itself drops them.
 */
final class GuardedTcp extends TCP {
  private final BiConsumer<String, Address> foreign;

  /**
   * @param foreign gets the other cluster's name and the sender; called on the transport's threads,
   *     at every such message
   */
  GuardedTcp(BiConsumer<String, Address> foreign) {
    this.foreign = foreign;
    // Headers are found by the number of the protocol, which a subclass has none of.
    setId(ClassConfigurator.getProtocolId(TCP.class));
    // Reported here, with what to do.
    setLogDiscardMessages(false);
  }

  @Override
  public void passMessageUp(
      Message message, byte[] from, boolean matchClusterName, boolean multicast, boolean discard) {
    if (matchClusterName && cluster_name != null && !cluster_name.equals(from)) {
      foreign.accept(new AsciiString(from).toString(), message.getSrc());
    }
    super.passMessageUp(message, from, matchClusterName, multicast, discard);
  }

  @Override
  public void passBatchUp(MessageBatch batch, boolean matchClusterName, boolean discardOwn) {
    AsciiString other = batch.clusterName();
    if (matchClusterName && cluster_name != null && !cluster_name.equals(other)) {
      foreign.accept(other.toString(), batch.sender());
    }
    super.passBatchUp(batch, matchClusterName, discardOwn);
  }
}
