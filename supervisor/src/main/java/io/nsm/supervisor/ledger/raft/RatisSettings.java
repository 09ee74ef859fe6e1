package io.nsm.supervisor.ledger.raft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What of Ratis is not left as it comes, and why. */
final class RatisSettings {
  /** How long a leader remembers the answer to a command, so that a retry gets the same. */
  static final Duration REMEMBERED = Duration.ofSeconds(20);

  /** The most that goes to a follower at once; one command must fit. */
  private static final SizeInBytes BATCH = SizeInBytes.valueOf("1MB");

  private RatisSettings() {}

  static RaftProperties of(RaftConfig config) {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, new ChannelRpcType());
    RaftServerConfigKeys.setStorageDir(properties, List.of(config.directory().toFile()));
    timers(properties, config);
    log(properties);
    snapshots(properties, config);
    threads(properties);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(REMEMBERED));
    return properties;
  }

  private static void timers(RaftProperties properties, RaftConfig config) {
    RaftTimers timers = config.timers();
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(timers.electionMin()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(timers.electionMax()));
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, time(timers.request()));
    // At the start nobody led before; pre-votes keep a restarted member from disturbing a leader.
    boolean alone = config.voters().size() == 1;
    Duration first = alone ? Duration.ofMillis(1) : timers.electionMin().dividedBy(3);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, time(first));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, time(first.multipliedBy(2)));
    // Between two attempts to reach a host that is down.
    RaftServerConfigKeys.Rpc.setSleepTime(properties, time(Duration.ofMillis(100)));
    // Else a leader that lost its majority would not stand again for ten seconds.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        properties, time(timers.electionMax()));
    // Else a member that was stopped for a minute would end itself on waking up.
    RaftServerConfigKeys.setCloseThreshold(properties, time(Duration.ofDays(365)));
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, BATCH);
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(BATCH.getSize() + (64 << 10)));
    // Followers learn what is committed by a heartbeat right after it was (CommitNews); an entry of
    // its own for that would be one more flush of every disk.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    // What makes a follower answer only after its flush, also when it is sent the same entry twice.
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, true);
    RaftServerConfigKeys.Log.setCorruptionPolicy(properties, CorruptionPolicy.EXCEPTION);
  }

  private static void snapshots(RaftProperties properties, RaftConfig config) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, config.snapshotEvery());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    // A member that is down must not make the logs of the others grow; it gets the snapshot.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(
        properties, SizeInBytes.valueOf("256KB"));
  }

  private static void threads(RaftProperties properties) {
    RaftServerConfigKeys.ThreadPool.setProxyCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setProxySize(properties, 2);
    RaftServerConfigKeys.ThreadPool.setServerCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setServerSize(properties, 4);
    RaftServerConfigKeys.ThreadPool.setClientCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setClientSize(properties, 2);
  }

  private static TimeDuration time(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
