package io.nsm.agent;

import io.nsm.agent.http.AgentToken;
import io.nsm.agent.http.HttpApi;
import io.nsm.agent.node.ClusterOperations;
import io.nsm.agent.node.Departure;
import io.nsm.agent.node.Node;
import io.nsm.agent.node.StartException;
import io.nsm.supervisor.config.AgentConfig;
import io.nsm.supervisor.config.AgentConfigs;
import io.nsm.supervisor.config.Configured;
import io.nsm.supervisor.config.HostAddress;
import io.nsm.supervisor.config.InvalidDeclarationException;
import io.nsm.supervisor.ledger.raft.LedgerException;
import io.nsm.supervisor.ledger.raft.VoterStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nsm-agent}: {@code init} prepares a host once, {@code run} is its daemon. */
@Command(
    name = "nsm-agent",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Starts, watches and stops the processes of this host.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** What the agent cannot go on after. */
  private static final int EXIT_FATAL = 70;

  private static final int EXIT_INVALID = 2;
  private static final int EXIT_CANNOT_START = 1;

  /** How long the API may take to answer before the caller is told that nothing is known. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /** How long processes may take to end in order before the agent ends without them. */
  private static final Duration DRAIN = Duration.ofSeconds(60);

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = {
        "Prepares the data directory of a new host, once.",
        "A voter whose directory was emptied is refused until this is said again, as it has"
            + " forgotten its votes: do so only after reading the operating guide."
      })
  int init(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "agent.yaml; without it one host on loopback, in ./nsm-data")
          @Nullable Path file) {
    Optional<AgentConfig> config = read(file);
    if (config.isEmpty()) {
      return EXIT_INVALID;
    }
    try {
      VoterStore.initialise(ledger(config.get()));
      System.out.println("prepared " + config.get().dataDirectory());
      if (config.get().voters().size() > 1 && config.get().voters().contains(config.get().host())) {
        System.out.println(
            "if %s has voted in cluster %s before, it has forgotten how: do not start it before reading 'A voter that lost its disk' in docs/guides/operating.md"
                .formatted(config.get().host(), config.get().cluster()));
      }
      return 0;
    } catch (LedgerException e) {
      System.err.println("nsm-agent: " + e.getMessage());
      return EXIT_CANNOT_START;
    }
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = {
        "Runs the agent until it is told to end.",
        "SIGTERM ends its processes in order first; SIGKILL leaves them to the next agent."
      })
  int run(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "agent.yaml; without it one host on loopback, in ./nsm-data")
          @Nullable Path file) {
    Optional<AgentConfig> config = read(file);
    if (config.isEmpty()) {
      return EXIT_INVALID;
    }
    try {
      if (file == null && !VoterStore.isInitialised(ledger(config.get()))) {
        VoterStore.initialise(ledger(config.get()));
      }
      return serve(config.get());
    } catch (StartException | LedgerException | IOException e) {
      LOG.error("cannot start: {}", e.getMessage());
      return EXIT_CANNOT_START;
    }
  }

  private static int serve(AgentConfig config) throws StartException, IOException {
    long began = System.nanoTime();
    Node node = Node.start(config, Main::fatal);
    InetSocketAddress bind = new InetSocketAddress(config.httpBind(), config.own().httpPort());
    HttpApi api =
        new HttpApi(
            bind,
            AgentToken.in(config.dataDirectory()),
            new ClusterOperations(node, version()),
            ANSWER_WITHIN);
    HostAddress own = config.own();
    LOG.info(
        "agent {} of cluster {}: {}:{}, API on {}:{}, data in {}, started in {} ms",
        config.host(),
        config.cluster(),
        own.address(),
        own.controlPort(),
        config.httpBind(),
        own.httpPort(),
        config.dataDirectory(),
        (System.nanoTime() - began) / 1_000_000);
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  drain(node);
                  api.close();
                  node.close();
                  over.countDown();
                },
                "nsm-shutdown"));
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void drain(Node node) {
    LOG.info("ends: its processes end in order first");
    long deadline = System.nanoTime() + DRAIN.toNanos();
    Departure departure = new Departure();
    try {
      while (System.nanoTime() - deadline < 0) {
        Departure.Stage stage =
            node.drain().toCompletableFuture().get(DRAIN.toSeconds(), TimeUnit.SECONDS);
        if (departure.over(stage, node.majority(), System.nanoTime())) {
          if (stage == Departure.Stage.QUIET) {
            LOG.warn(
                "ends with grants that no majority of voters took back; nothing acts under them, and its next agent gives them up");
          }
          return;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      LOG.warn("ends although processes are left after {} s", DRAIN.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.warn("cannot end the processes in order", e);
    }
  }

  /** Ends at once: whatever the agent would still do could be wrong. */
  private static void fatal(Throwable why) {
    LOG.error("ends, as it cannot go on; its processes go on under their lease", why);
    Runtime.getRuntime().halt(EXIT_FATAL);
  }

  private static Path ledger(AgentConfig config) {
    return config.dataDirectory().resolve("ledger");
  }

  private static Optional<AgentConfig> read(@Nullable Path file) {
    try {
      Configured configured =
          file == null
              ? AgentConfigs.withoutFile(Path.of("").toAbsolutePath())
              : AgentConfigs.read(file);
      configured.warnings().forEach(warning -> System.err.println("warning: " + warning));
      return Optional.of(configured.config());
    } catch (InvalidDeclarationException e) {
      System.err.println(e.getMessage());
      return Optional.empty();
    }
  }

  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Says which build this is. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"nsm-agent " + version()};
    }
  }
}
