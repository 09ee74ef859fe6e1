package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServer.Division;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the list of hosts that get a copy of the ledger as the leader's configuration says; the
 * voters stay as they are. A host that is new to the list is taken in once it is reachable, as
 * Ratis first waits for it to catch up.
 */
final class Copies {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLedger.class);

  private final RaftConfig config;
  private final RaftServer server;
  private final Division division;
  private final ClientId client;
  private final AtomicLong calls;
  private Set<HostName> reachable = Set.of();
  private volatile boolean underWay;

  /** All that happens here happens on one thread, the ledger's. */
  Copies(
      RaftConfig config, RaftServer server, Division division, ClientId client, AtomicLong calls) {
    this.config = config;
    this.server = server;
    this.division = division;
    this.client = client;
    this.calls = calls;
  }

  void reachable(Set<HostName> now) {
    reachable = now;
    adjust();
  }

  void leading() {
    adjust();
  }

  private void adjust() {
    if (underWay || !division.getInfo().isLeaderReady()) {
      return;
    }
    Set<HostName> present =
        division.getRaftConf().getAllPeers(RaftPeerRole.LISTENER).stream()
            .map(peer -> new HostName(peer.getId().toString()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<HostName> wanted = new TreeSet<>(config.others());
    Set<HostName> added = new TreeSet<>(wanted);
    added.removeAll(present);
    if (wanted.equals(present) || !reachable.containsAll(added)) {
      return;
    }
    LOG.info("copies of the ledger go to {} instead of {}", wanted, present);
    underWay = true;
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            client,
            division.getId(),
            config.groupId(),
            calls.incrementAndGet(),
            config.voterPeers(),
            config.otherPeers());
    try {
      server
          .setConfigurationAsync(request)
          .whenComplete(
              (reply, failure) -> {
                underWay = false;
                if (failure != null || !reply.isSuccess()) {
                  LOG.warn("the copies did not change: {} {}", reply, String.valueOf(failure));
                }
              });
    } catch (IOException e) {
      underWay = false;
      LOG.warn("the copies did not change", e);
    }
  }
}
