package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.channel.SimulatedNetwork;
import io.nsm.supervisor.ledger.Journal;
import io.nsm.supervisor.ledger.LedgerContract.Member;
import io.nsm.supervisor.ledger.RecordedPart;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Raft ledgers in this JVM, over a simulated network, with real files. */
final class Cluster implements AutoCloseable {
  private final SimulatedNetwork network = new SimulatedNetwork();
  private final Map<Member, Channel> channels = new ConcurrentHashMap<>();
  private final Path root;
  private final List<HostName> voters;
  private final List<HostName> others;
  private final long snapshotEvery;
  private volatile AppliedState.Flushes leaderFlushes =
      index -> CompletableFuture.completedFuture(null);
  private volatile AppliedState.Flushes followerFlushes =
      index -> CompletableFuture.completedFuture(null);

  Cluster(Path root, List<HostName> voters, List<HostName> others, long snapshotEvery) {
    this.root = root;
    this.voters = voters;
    this.others = others;
    this.snapshotEvery = snapshotEvery;
  }

  Cluster(Path root, List<HostName> voters) {
    this(root, voters, List.of(), RaftConfig.SNAPSHOT_EVERY);
  }

  SimulatedNetwork network() {
    return network;
  }

  RaftConfig config(HostName host) {
    return new RaftConfig(
        "test", host, voters, others, directory(host), RaftTimers.DEFAULT, snapshotEvery);
  }

  Path directory(HostName host) {
    return root.resolve(host.name());
  }

  Member start(HostName host) throws Exception {
    return start(host, new Journal());
  }

  Member start(HostName host, Journal journal) throws Exception {
    if (voters.contains(host) && !Files.exists(directory(host))) {
      VoterStore.initialise(directory(host));
    }
    return startAsItIs(host, journal);
  }

  Member startAsItIs(HostName host, Journal journal) throws Exception {
    Channel channel = network.join(host);
    RecordedPart part = new RecordedPart();
    try {
      RaftLedger ledger =
          RaftLedger.start(
              config(host),
              channel,
              journal,
              part,
              index ->
                  part.leads() ? leaderFlushes.flushing(index) : followerFlushes.flushing(index));
      Member member = new Member(host, ledger, journal, part);
      channels.put(member, channel);
      return member;
    } catch (Exception e) {
      channel.close();
      throw e;
    }
  }

  /** What happens from now on when a member that does not lead flushes its log. */
  void flushesOfFollowers(AppliedState.Flushes flushes) {
    followerFlushes = flushes;
  }

  /** What happens from now on when a member that leads flushes its log. */
  void flushesOfLeader(AppliedState.Flushes flushes) {
    leaderFlushes = flushes;
  }

  /** Takes a member off the network at once, and leaves it running. */
  void unplug(Member member) {
    Channel channel = channels.get(member);
    if (channel != null) {
      channel.close();
    }
  }

  /** First off the network, then closed: nothing it does in ending reaches anybody. */
  void stop(Member member) {
    Channel channel = channels.remove(member);
    if (channel != null) {
      channel.close();
      member.ledger().close();
    }
  }

  /** Empties the disk of a member that is not running. */
  void empty(HostName host) throws IOException {
    try (Stream<Path> files = Files.walk(directory(host))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    channels.keySet().forEach(this::stop);
    network.close();
  }
}
