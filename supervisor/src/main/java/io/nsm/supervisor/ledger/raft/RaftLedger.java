package io.nsm.supervisor.ledger.raft;

import io.nsm.supervisor.channel.Channel;
import io.nsm.supervisor.ledger.Ledger;
import io.nsm.supervisor.ledger.LedgerListener;
import io.nsm.supervisor.ledger.StateMachine;
import io.nsm.supervisor.model.HostName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServer.Division;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of the ledger's Raft group. */
public final class RaftLedger implements Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLedger.class);

  /** The largest command; what is larger belongs into the grid. */
  public static final int MAX_COMMAND_BYTES = 512 << 10;

  /** More commands than this are not under way at once through one member. */
  public static final int MAX_UNDER_WAY = 4_096;

  /** Below the time a leader remembers answers, so that no retry is applied a second time. */
  public static final Duration MAX_TIMEOUT = RatisSettings.REMEMBERED.minusSeconds(5);

  private static final String SERVICE = "ledger";
  private static final Duration ONE_FORWARD = Duration.ofSeconds(1);
  private static final int IDENTITY_BYTES = 3 * Long.BYTES;

  private final RaftConfig config;
  private final Channel channel;
  private final LedgerThreads threads;
  private final Announcements announcements;
  private final Proposals proposals = new Proposals();
  private final CommitNews news = new CommitNews();
  private final RaftServer server;
  private final Division division;
  private final ElectionHint hint;
  private final Copies copies;
  private final UUID clientUuid = UUID.randomUUID();
  private final ClientId client = ClientId.valueOf(clientUuid);
  private final AtomicLong calls = new AtomicLong();
  private final Submissions underWay = new Submissions(MAX_UNDER_WAY);
  private volatile @Nullable String ended;

  /**
   * Starts this member. It serves {@code raft} and {@code ledger} on the channel from then on.
   *
   * @throws LedgerException when what is on disk, or the lack of it, forbids this member to take
   *     part
   */
  public static RaftLedger start(
      RaftConfig config, Channel channel, StateMachine machine, LedgerListener listener)
      throws LedgerException {
    return start(
        config, channel, machine, listener, index -> CompletableFuture.completedFuture(null));
  }

  /** As above, on a disk that may be slow or fail. */
  static RaftLedger start(
      RaftConfig config,
      Channel channel,
      StateMachine machine,
      LedgerListener listener,
      AppliedState.Flushes flushes)
      throws LedgerException {
    VoterStore.admit(config);
    LogFiles.check(config.current());
    try {
      RaftLedger ledger = new RaftLedger(config, channel, machine, listener, flushes);
      ledger.start();
      return ledger;
    } catch (IOException | RuntimeException e) {
      throw new LedgerException(
          config.directory() + ": the ledger cannot be started: " + rootOf(e), e);
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private RaftLedger(
      RaftConfig config,
      Channel channel,
      StateMachine machine,
      LedgerListener listener,
      AppliedState.Flushes flushes)
      throws IOException {
    this.config = config;
    this.channel = channel;
    this.threads = new LedgerThreads(config.self());
    this.announcements = new Announcements(listener, threads.own());
    Carrier carrier =
        new Carrier(channel, config.timers().request(), news, new DirectorySync(config.current()));
    try {
      this.server =
          RaftServer.newBuilder()
              .setServerId(RaftConfig.peerId(config.self()))
              .setGroup(config.group())
              .setOption(RaftStorage.StartupOption.RECOVER)
              .setStateMachine(new AppliedState(machine, new Events(), flushes))
              .setProperties(RatisSettings.of(config))
              .setParameters(ChannelRpcType.parameters(carrier))
              .build();
      this.division = server.getDivision(config.groupId());
    } catch (IOException | RuntimeException e) {
      threads.close();
      throw e;
    }
    this.hint = new ElectionHint(config, division, threads.own());
    this.copies = new Copies(config, server, division, client, calls);
  }

  private void start() throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    channel.serve(SERVICE, (from, body) -> forwarded(body));
    channel.onView(
        view ->
            threads
                .own()
                .execute(
                    () -> {
                      hint.reachable(view);
                      copies.reachable(view);
                    }));
  }

  @Override
  public CompletionStage<Outcome> submit(byte[] command, Duration timeout) {
    long call = calls.incrementAndGet();
    Duration bounded = timeout.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : timeout;
    return admitted(command, left -> attempt(call, command, left), bounded, true);
  }

  @Override
  public CompletionStage<Outcome> append(byte[] command) {
    long call = calls.incrementAndGet();
    return admitted(
        command, left -> proposals.propose(division, client, call, command), MAX_TIMEOUT, false);
  }

  private CompletionStage<Outcome> admitted(
      byte[] command,
      Function<Duration, CompletionStage<Attempt>> attempt,
      Duration timeout,
      boolean retry) {
    String end = ended;
    if (end != null) {
      return rejected("the ledger has ended here: " + end);
    }
    if (command.length > MAX_COMMAND_BYTES) {
      return rejected(command.length + " bytes; a command has at most " + MAX_COMMAND_BYTES);
    }
    // On a thread of its own: Ratis' must not wait for what callers do with outcomes.
    return underWay
        .start(new Submission(attempt, threads.own(), timeout, retry))
        .thenApplyAsync(outcome -> outcome, threads.answers());
  }

  private static CompletionStage<Outcome> rejected(String reason) {
    return CompletableFuture.completedStage(new Rejected(reason));
  }

  private CompletionStage<Attempt> attempt(long call, byte[] command, Duration left) {
    if (division.getInfo().isLeader()) {
      return proposals.propose(division, client, call, command);
    }
    Optional<HostName> leader = leaderOf(division).filter(host -> !host.equals(config.self()));
    if (leader.isEmpty()) {
      return CompletableFuture.completedStage(Attempt.notAppended("no leader is known"));
    }
    byte[] body =
        ByteBuffer.allocate(IDENTITY_BYTES + command.length)
            .putLong(clientUuid.getMostSignificantBits())
            .putLong(clientUuid.getLeastSignificantBits())
            .putLong(call)
            .put(command)
            .array();
    Duration timeout = left.compareTo(ONE_FORWARD) < 0 ? left : ONE_FORWARD;
    return channel
        .ask(leader.get(), SERVICE, body, timeout)
        .handle(
            (answer, failure) ->
                failure == null ? Attempt.decode(answer) : Attempt.perhaps(failure.toString()));
  }

  /** A command that another member sent here as to the leader. */
  private CompletionStage<byte[]> forwarded(byte[] body) {
    if (body.length < IDENTITY_BYTES) {
      return CompletableFuture.failedStage(new IOException("a forwarded command is cut short"));
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    ClientId from = ClientId.valueOf(new UUID(in.getLong(), in.getLong()));
    long call = in.getLong();
    byte[] command = new byte[in.remaining()];
    in.get(command);
    return proposals.propose(division, from, call, command).thenApply(Attempt::encode);
  }

  /** The leader as this member knows it. */
  static Optional<HostName> leaderOf(Division division) {
    RaftPeerId leader = division.getInfo().getLeaderId();
    return Optional.ofNullable(leader).map(id -> new HostName(id.toString()));
  }

  private final class Events implements AppliedState.Observer {
    @Override
    public void appending(TransactionContext transaction) {
      proposals.appending(transaction);
    }

    @Override
    public void applied() {
      news.applied();
    }

    @Override
    public void ready(long term) {
      announcements.leading(division, term);
      threads.own().execute(copies::leading);
    }

    @Override
    public void deposed() {
      announcements.following(Optional.empty());
    }

    @Override
    public void leaderIs(RaftPeerId leader) {
      HostName host = new HostName(leader.toString());
      if (!host.equals(config.self())) {
        announcements.following(Optional.of(host));
      }
    }

    @Override
    public void failed(String reason, @Nullable Throwable cause) {
      end(reason, cause);
    }
  }

  /** Ends this member, once; the listener learns of it unless it was asked for. */
  private void end(String reason, @Nullable Throwable cause) {
    synchronized (this) {
      if (ended != null) {
        return;
      }
      ended = reason;
    }
    LOG.error("the ledger of host '{}' ends: {}", config.self(), reason, cause);
    announcements.failed(reason);
    // Not on the thread that failed, which the server waits for.
    Thread closing = new Thread(this::closeServer, "nsm-ledger-end-" + config.self());
    closing.setDaemon(true);
    closing.start();
  }

  private void closeServer() {
    try {
      if (server.getLifeCycleState() != LifeCycle.State.NEW) {
        server.close();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the ledger of host '{}' did not close cleanly", config.self(), e);
    }
    // A command that meets the end of the server may be left by it without a reply.
    underWay.end();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (ended == null) {
        ended = "it was closed";
      }
    }
    closeServer();
    threads.close();
  }
}
