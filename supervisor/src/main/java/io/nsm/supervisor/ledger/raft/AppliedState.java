package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.ledger.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/** Applies Ratis' entries to the ledger's state machine, and passes on what Ratis tells. */
final class AppliedState extends BaseStateMachine {

  /** What the member does with what happens here. Called on Ratis' threads: must not block. */
  interface Observer {
    void appending(TransactionContext transaction);

    void applied();

    /** The first entry of this member's leadership is applied, and all before it. */
    void ready(long term);

    void deposed();

    void leaderIs(RaftPeerId leader);

    void failed(String reason, @Nullable Throwable cause);
  }

  /** Is asked before the log is flushed; a flush is done only when this is. */
  interface Flushes {
    CompletableFuture<Void> flushing(long index);
  }

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final StateMachine machine;
  private final Observer observer;
  private final Flushes flushes;
  private volatile long configurationTerm;

  AppliedState(StateMachine machine, Observer observer, Flushes flushes) {
    this.machine = machine;
    this.observer = observer;
    this.flushes = flushes;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    getLifeCycle().transition(LifeCycle.State.STARTING);
    storage.init(raftStorage);
    restoreLatest();
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** A snapshot came from the leader. */
  @Override
  public void reinitialize() throws IOException {
    getLifeCycle().transition(LifeCycle.State.STARTING);
    storage.loadLatestSnapshot();
    restoreLatest();
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  private void restoreLatest() throws IOException {
    SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
    if (latest == null) {
      return;
    }
    Path file = latest.getFile().getPath();
    byte[] state = SnapshotFile.read(file);
    machine.restore(latest.getIndex(), state);
    setLastAppliedTermIndex(latest.getTermIndex());
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction) {
    observer.appending(transaction);
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    byte[] command = entry.getStateMachineLogEntry().getLogData().toByteArray();
    byte[] answer;
    try {
      answer = machine.apply(entry.getIndex(), entry.getTerm(), command);
    } catch (RuntimeException | Error e) {
      observer.failed("entry " + entry.getIndex() + " cannot be applied: " + e, e);
      throw e;
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    observer.applied();
    return CompletableFuture.completedFuture(
        Message.valueOf(UnsafeByteOperations.unsafeWrap(answer)));
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    observer.applied();
  }

  @Override
  public CompletableFuture<Void> flush(long index) {
    return flushes.flushing(index);
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    if (last.getIndex() < 0) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
    try {
      SnapshotFile.write(file, machine.snapshot());
      MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
      // The log up to here is deleted next: the names of both files must be durable first.
      DirectorySync.around(file).sync();
      storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), last));
      return last.getIndex();
    } catch (IOException | RuntimeException e) {
      observer.failed("the snapshot " + file + " cannot be written: " + e, e);
      throw e;
    }
  }

  @Override
  public SimpleStateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configurationTerm = term;
  }

  /** Ratis calls it right after the configuration that each leader begins its term with. */
  @Override
  public void notifyLeaderReady() {
    observer.ready(configurationTerm);
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    observer.deposed();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    observer.leaderIs(leader);
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    observer.failed("the log cannot be written: " + cause, cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean all) {
    observer.failed("Ratis ended itself", null);
  }
}
