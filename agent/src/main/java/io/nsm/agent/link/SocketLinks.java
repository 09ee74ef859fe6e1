package io.nsm.agent.link;

import io.nsm.agent.link.ProcessLink.RefusedException;
import io.nsm.process.link.FrameChannel;
import io.nsm.process.link.HostTime;
import io.nsm.process.link.LinkLimits;
import io.nsm.process.link.ToAgent;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToProcess;
import io.nsm.process.link.ToProcess.Activate;
import io.nsm.process.link.ToProcess.Deactivate;
import io.nsm.process.link.ToProcess.Extend;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Stop;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.ProcessName;
import io.nsm.supervisor.model.RunId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links over a Unix domain stream socket: docs/reference/link.md. A message to a run that is not
 * connected is lost; the agent says anew what matters when the run is {@code connected}.
 */
public final class SocketLinks implements Links {
  /** The most connections at a time, those that have not said who they are included. */
  static final int MAX_CONNECTIONS = 1024;

  /** How long a connection may take to say who it is. */
  private static final long HELLO_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(SocketLinks.class);

  private final Path socket;
  private final LinkListener listener;
  private final ServerSocketChannel server;
  private final UserPrincipal user;
  private final Set<UserPrincipal> users = ConcurrentHashMap.newKeySet();
  private final Map<RunId, Seat> seats = new ConcurrentHashMap<>();
  private final Set<ProcessLink> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> daemon("nsm-link-timer", work));
  private volatile boolean closed;

  /**
   * Listens on a socket. The caller holds the agent's lock on the run directory.
   *
   * @throws IOException if that cannot be, with what to do about it
   */
  public SocketLinks(Path socket, LinkListener listener) throws IOException {
    this.socket = socket;
    this.listener = listener;
    this.server = SocketPath.bind(socket);
    this.user = Files.getOwner(socket);
    users.add(user);
    daemon("nsm-link-accept", this::accept).start();
  }

  @Override
  public void expect(RunId run, ProcessName process, String token) {
    Optional.ofNullable(seats.put(run, new Seat(run, process, token, listener)))
        .ifPresent(Seat::dismiss);
  }

  @Override
  public void admit(String name) {
    // Users may have to be asked for over a network. Who comes earlier is refused, and tries again.
    timer.execute(() -> letIn(name));
  }

  private void letIn(String name) {
    try {
      UserPrincipal admitted =
          socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
      if (!admitted.equals(user) && users.add(admitted)) {
        SocketPath.openToOthers(socket);
      }
    } catch (IOException e) {
      users.removeIf(other -> other.getName().equals(name));
      log.warn("{}: user '{}' cannot be let in: {}", socket, name, e.toString());
    }
  }

  @Override
  public void dismiss(RunId run) {
    Optional.ofNullable(seats.remove(run)).ifPresent(Seat::dismiss);
  }

  @Override
  public void activate(RunId run, Epoch epoch, Deadline deadline, Optional<Saved> checkpoint) {
    say(
        run,
        new Activate(
            epoch.number(),
            time(deadline),
            checkpoint.map(
                saved ->
                    new ToProcess.Saved(saved.epoch().number(), saved.sequence(), saved.bytes()))));
  }

  @Override
  public void extend(RunId run, Epoch epoch, Deadline deadline) {
    say(run, new Extend(epoch.number(), time(deadline)));
  }

  @Override
  public void deactivate(RunId run, Epoch epoch) {
    say(run, new Deactivate(epoch.number()));
  }

  @Override
  public void stop(RunId run) {
    say(run, new Stop());
  }

  @Override
  public void answerSave(RunId run, long correlation, SaveAnswer answer) {
    SaveResult result =
        switch (answer) {
          case SAVED -> SaveResult.SAVED;
          case TERM_ENDED -> SaveResult.TERM_ENDED;
          case UNKNOWN -> SaveResult.UNKNOWN;
        };
    seated(run, seat -> seat.answerSave(new SaveAnswered(correlation, result)));
  }

  @Override
  public void answerMap(RunId run, long correlation, MapResult result) {
    MapAnswered answer = MapTranslation.answer(correlation, result);
    MapAnswered fitting =
        size(answer) <= LinkLimits.MAX_FRAME
            ? answer
            : MapTranslation.unknown(
                correlation,
                "the answer has more than "
                    + LinkLimits.MAX_FRAME
                    + " bytes; ask for fewer entries, by a longer prefix");
    seated(run, seat -> seat.answerMap(fitting));
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      log.warn("{}: could not be closed: {}", socket, e.getMessage());
    }
    seats.values().forEach(Seat::dismiss);
    seats.clear();
    connections.forEach(ProcessLink::close);
  }

  private void say(RunId run, ToProcess message) {
    seated(run, seat -> seat.say(message));
  }

  private void seated(RunId run, Consumer<Seat> what) {
    Optional.ofNullable(seats.get(run)).ifPresent(what);
  }

  private static HostTime time(Deadline deadline) {
    return new HostTime(deadline.monotonicNanos(), deadline.bootMillis());
  }

  /** At least the size of the frame: every character of a key counted as its longest. */
  private static long size(MapAnswered answer) {
    long entries =
        answer.entries().stream()
            .mapToLong(entry -> 16L + 3L * entry.key().length() + entry.value().length)
            .sum();
    return 64L + LinkLimits.MAX_REASON + entries;
  }

  private void accept() {
    long accepted = 0;
    while (!closed) {
      try {
        admit(server.accept(), ++accepted);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Too many open files, most likely: go on when some are closed, without filling the log.
        log.error("{}: cannot accept: {}", socket, e.getMessage());
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  private void admit(SocketChannel channel, long number) throws IOException {
    if (connections.size() >= MAX_CONNECTIONS || !ofUserLetIn(channel)) {
      log.warn(
          "{}: a connection closed: {} are open, of at most {}, and only {} may connect",
          socket,
          connections.size(),
          MAX_CONNECTIONS,
          users.stream().map(UserPrincipal::getName).toList());
      channel.close();
      return;
    }
    ProcessLink link =
        new ProcessLink(Long.toString(number), new FrameChannel(channel), new Admission());
    connections.add(link);
    link.start();
    timer.schedule(() -> closeUnlessAdmitted(link), HELLO_SECONDS, TimeUnit.SECONDS);
  }

  private boolean ofUserLetIn(SocketChannel channel) throws IOException {
    return !channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
        || users.contains(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
  }

  private static void closeUnlessAdmitted(ProcessLink link) {
    if (!link.isAdmitted()) {
      link.close();
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Finds the seat of one connection. */
  private final class Admission implements ProcessLink.Receiver {
    private Optional<Seat> seat = Optional.empty();

    @Override
    public ToAgent.Cases hello(ProcessLink link, Hello hello) throws RefusedException {
      Seat found =
          seats.entrySet().stream()
              .filter(entry -> entry.getKey().toString().equals(hello.run()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElseThrow(
                  () ->
                      new RefusedException(
                          "run '" + hello.run() + "' is not one that this agent expects"));
      seat = Optional.of(found);
      return found.take(link, hello);
    }

    @Override
    public void closed(ProcessLink link) {
      connections.remove(link);
      seat.ifPresent(taken -> taken.ended(link));
    }
  }
}
