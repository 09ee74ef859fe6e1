package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.model.HostName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * One member of the ledger.
 *
 * @param voters who decides; an odd number, and the same list on every host
 * @param others hosts that keep a copy and forward, and do not vote
 * @param directory where this member keeps its log, votes and snapshots
 * @param snapshotEvery entries between two snapshots
 */
public record RaftConfig(
    String cluster,
    HostName self,
    List<HostName> voters,
    List<HostName> others,
    Path directory,
    RaftTimers timers,
    long snapshotEvery) {

  /** For tests that want snapshots often: {@code -Dnsm.ledger.snapshotEvery=400}. */
  public static final long SNAPSHOT_EVERY = Long.getLong("nsm.ledger.snapshotEvery", 20_000);

  public RaftConfig {
    voters = voters.stream().sorted().toList();
    others = others.stream().sorted().toList();
    directory = directory.toAbsolutePath().normalize();
    List<HostName> all = new ArrayList<>(voters);
    all.addAll(others);
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("no voters; at least one host must vote");
    }
    if (new HashSet<>(all).size() != all.size()) {
      throw new IllegalArgumentException("a host is named twice in voters and others: " + all);
    }
    if (!all.contains(self)) {
      throw new IllegalArgumentException("host '" + self + "' is not among the members: " + all);
    }
  }

  public RaftConfig(
      String cluster, HostName self, List<HostName> voters, List<HostName> others, Path directory) {
    this(cluster, self, voters, others, directory, RaftTimers.DEFAULT, SNAPSHOT_EVERY);
  }

  boolean votes() {
    return voters.contains(self);
  }

  RaftGroupId groupId() {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("nsm-ledger:" + cluster).getBytes(StandardCharsets.UTF_8)));
  }

  RaftGroup group() {
    List<RaftPeer> peers = new ArrayList<>(voterPeers());
    peers.addAll(otherPeers());
    return RaftGroup.valueOf(groupId(), peers);
  }

  List<RaftPeer> voterPeers() {
    return voters.stream().map(host -> peer(host, RaftPeerRole.FOLLOWER)).toList();
  }

  List<RaftPeer> otherPeers() {
    return others.stream().map(host -> peer(host, RaftPeerRole.LISTENER)).toList();
  }

  private static RaftPeer peer(HostName host, RaftPeerRole role) {
    return RaftPeer.newBuilder().setId(peerId(host)).setStartupRole(role).build();
  }

  static RaftPeerId peerId(HostName host) {
    return RaftPeerId.valueOf(host.name());
  }

  /** The directory of the group inside {@link #directory}. */
  Path store() {
    return directory.resolve(groupId().getUuid().toString());
  }

  /** Where the log and the vote lie. */
  Path current() {
    return store().resolve("current");
  }
}
