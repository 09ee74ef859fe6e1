package io.nsm.supervisor.grid.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nsm.supervisor.grid.Grid.Stored;
import io.nsm.supervisor.grid.MapOperation;
import io.nsm.supervisor.grid.MapResult;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Brings each operation to the voter that leads, from any host. */
final class SharedMaps implements AutoCloseable {
  /** For one operation, with every attempt. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Of the keys and values of one listing; what a process can be answered. */
  static final int MAX_LISTING_BYTES = 12 << 20;

  /** For a question that can be asked again. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private static final String SERVICE = "grid.maps";

  private enum Kind {
    PERFORM,
    PAGE,
    RAISE
  }

  /** Carried out where this voter leads; an empty answer means that nothing was done. */
  private interface Question {
    CompletionStage<Optional<MapResult>> here(Primary primary);
  }

  private record Ask(byte[] body, Question question, boolean repeatable, long deadline) {}

  private final Voters voters;
  private final ScheduledExecutorService loop;
  private final ReplicaService replicas;
  private final Optional<Leading> leading;
  private volatile Optional<HostName> leader = Optional.empty();

  /** What only a voter has. */
  private record Leading(Replica replica, Primary primary, Generations generations) {}

  /** With a disk on a voter, without one on any other host. */
  SharedMaps(Voters voters, Optional<QuorumGrid.Disks> disks, ScheduledExecutorService loop) {
    this.voters = voters;
    this.loop = loop;
    Optional<Replica> replica = disks.map(own -> new Replica(own.maps(), own.fresh(), loop));
    Later later = new Later();
    this.replicas =
        new ReplicaService(voters, replica, loop, () -> later.serving(), () -> later.promised());
    this.leading = replica.map(own -> lead(own, later));
    if (leading.isPresent()) {
      later.leading = leading;
      voters.serve(SERVICE, (from, body) -> serve(leading.get(), body));
      voters.follow(leading.get().generations()::wake);
      leading.get().generations().start();
    }
  }

  private Leading lead(Replica replica, Later later) {
    Primary primary = new Primary(voters, replica, replicas, loop, () -> later.deposed());
    return new Leading(replica, primary, new Generations(voters, replica, replicas, primary, loop));
  }

  /** Ties the knot between the parts of a voter. */
  private static final class Later {
    private volatile Optional<Leading> leading = Optional.empty();

    boolean serving() {
      return leading.filter(parts -> parts.primary().serving()).isPresent();
    }

    void promised() {
      leading.ifPresent(
          parts -> {
            parts.primary().checkPromise();
            parts.generations().wake();
          });
    }

    void deposed() {
      leading.ifPresent(parts -> parts.generations().wake());
    }
  }

  CompletionStage<MapResult> perform(MapOperation operation) {
    if (operation instanceof MapOperation.ListEntries list) {
      return pages(list, new ArrayList<>(), 0);
    }
    return bring(
        Frame.of(
            out -> {
              out.writeByte(Kind.PERFORM.ordinal());
              MapWire.write(out, operation);
            }),
        primary -> primary.perform(operation),
        operation instanceof MapOperation.Get);
  }

  /** Asks for one page after the other until one is empty. */
  private CompletionStage<MapResult> pages(
      MapOperation.ListEntries list, List<MapResult.Entry> before, long bytes) {
    if (bytes > MAX_LISTING_BYTES) {
      return CompletableFuture.completedStage(
          new MapResult.Unknown(
              "the entries of map "
                  + list.map()
                  + " under '"
                  + list.prefix()
                  + "' have more than "
                  + MAX_LISTING_BYTES
                  + " bytes; list a longer prefix"));
    }
    Optional<String> after =
        before.isEmpty() ? Optional.empty() : Optional.of(before.get(before.size() - 1).key());
    return bring(
            Frame.of(
                out -> {
                  out.writeByte(Kind.PAGE.ordinal());
                  MapWire.write(out, list);
                  Frame.writeOptional(out, after.map(key -> key.getBytes(UTF_8)));
                }),
            primary -> primary.page(list, after),
            true)
        .thenCompose(
            result -> {
              if (!(result instanceof MapResult.Entries page)) {
                return CompletableFuture.completedStage(result);
              }
              if (page.entries().isEmpty()) {
                return CompletableFuture.completedStage(new MapResult.Entries(before));
              }
              before.addAll(page.entries());
              return pages(list, before, bytes + size(page.entries()));
            });
  }

  private static long size(List<MapResult.Entry> entries) {
    return entries.stream().mapToLong(entry -> entry.key().length() + entry.value().length).sum();
  }

  CompletionStage<Stored> raiseFence(ProcessName process, Epoch epoch) {
    return bring(
            Frame.of(
                out -> {
                  out.writeByte(Kind.RAISE.ordinal());
                  out.writeUTF(process.name());
                  out.writeLong(epoch.number());
                }),
            primary -> primary.raiseFence(process, epoch),
            true)
        .thenApply(result -> result instanceof MapResult.Written ? Stored.DONE : Stored.UNKNOWN);
  }

  String health() {
    List<HostName> reachable = voters.reachable();
    if (!voters.majorityOf(reachable)) {
      return "unavailable: of the voters " + voters.all() + " only " + reachable + " in view";
    }
    Optional<String> broken = leading.flatMap(parts -> parts.replica().broken());
    if (broken.isPresent()) {
      return "unavailable on this host: " + broken.get();
    }
    Optional<Standing> standing = leading.map(parts -> parts.replica().standing());
    if (standing.filter(own -> !own.in(own.active())).isPresent()) {
      return "unavailable on this host: " + state();
    }
    List<HostName> missing = new ArrayList<>(voters.all());
    missing.removeIf(
        voter ->
            reachable.contains(voter)
                && standing.map(own -> own.members().contains(voter)).orElse(true));
    return missing.isEmpty() ? "available" : "DEGRADED: without " + missing;
  }

  /** What this voter's part in the generations is, for people and tests. */
  String state() {
    return leading.map(parts -> parts.generations().state()).orElse("not a voter");
  }

  private CompletionStage<MapResult> bring(byte[] body, Question question, boolean repeatable) {
    Ask ask = new Ask(body, question, repeatable, System.nanoTime() + LIMIT.toNanos());
    CompletableFuture<MapResult> answer = new CompletableFuture<>();
    // For what was asked as this grid closed.
    answer.completeOnTimeout(
        new MapResult.Unknown("no answer within " + LIMIT.plus(PATIENCE)),
        LIMIT.plus(PATIENCE).toMillis(),
        TimeUnit.MILLISECONDS);
    attempt(ask, answer);
    return answer;
  }

  private void attempt(Ask ask, CompletableFuture<MapResult> answer) {
    if (loop.isShutdown()) {
      answer.complete(new MapResult.Unknown("not done: this grid is closed"));
    } else if (!voters.majorityOf(voters.reachable())) {
      answer.complete(new MapResult.Unknown("not done: " + health()));
    } else if (ask.deadline() - System.nanoTime() <= 0) {
      answer.complete(
          new MapResult.Unknown("not done: no voter led within " + LIMIT + "; " + state()));
    } else if (leader.filter(voters::sees).isPresent()) {
      ask(leader.get(), ask, answer);
    } else {
      whoLeads()
          .thenAccept(
              found -> {
                leader = found;
                found.ifPresentOrElse(host -> ask(host, ask, answer), () -> later(ask, answer));
              });
    }
  }

  private void later(Ask ask, CompletableFuture<MapResult> answer) {
    loop.schedule(() -> attempt(ask, answer), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ask(HostName host, Ask ask, CompletableFuture<MapResult> answer) {
    Duration left = Duration.ofNanos(Math.max(1_000_000, ask.deadline() - System.nanoTime()));
    Duration timeout = ask.repeatable() && left.compareTo(PATIENCE) > 0 ? PATIENCE : left;
    ask(host, ask, timeout)
        .whenComplete(
            (result, failure) -> {
              boolean undecided = failure != null || result.isEmpty();
              if (undecided) {
                leader = Optional.empty();
              }
              if (failure != null && !ask.repeatable()) {
                answer.complete(new MapResult.Unknown("no answer of " + host + ": " + failure));
              } else if (undecided
                  || (ask.repeatable() && result.get() instanceof MapResult.Unknown)) {
                later(ask, answer);
              } else {
                answer.complete(result.get());
              }
            });
  }

  /** The first voter that says it leads; none if all that answered do not. */
  private CompletableFuture<Optional<HostName>> whoLeads() {
    CompletableFuture<Optional<HostName>> found = new CompletableFuture<>();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (HostName voter : voters.reachable()) {
      asked.add(
          replicas
              .status(voter, PATIENCE)
              .handle((status, failure) -> failure == null && status.serving())
              .thenAccept(
                  leads -> {
                    if (leads) {
                      found.complete(Optional.of(voter));
                    }
                  })
              .toCompletableFuture());
    }
    CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenRun(() -> found.complete(Optional.empty()));
    return found;
  }

  private CompletionStage<Optional<MapResult>> ask(HostName to, Ask ask, Duration timeout) {
    if (to.equals(voters.self()) && leading.isPresent()) {
      return here(leading.get(), ask.question());
    }
    return voters
        .ask(to, SERVICE, ask.body(), timeout)
        .thenApply(
            bytes ->
                Frame.read(
                    bytes,
                    in ->
                        in.readBoolean()
                            ? Optional.of(MapWire.readResult(in))
                            : Optional.<MapResult>empty()));
  }

  private CompletionStage<byte[]> serve(Leading parts, byte[] body) {
    Question question = Frame.read(body, SharedMaps::readQuestion);
    return here(parts, question)
        .thenApply(
            result ->
                Frame.of(
                    out -> {
                      out.writeBoolean(result.isPresent());
                      if (result.isPresent()) {
                        MapWire.write(out, result.get());
                      }
                    }));
  }

  private static Question readQuestion(DataInputStream in) throws IOException {
    return switch (Kind.values()[in.readByte()]) {
      case PERFORM -> {
        MapOperation operation = MapWire.readOperation(in);
        yield primary -> primary.perform(operation);
      }
      case PAGE -> {
        MapOperation operation = MapWire.readOperation(in);
        Optional<String> after = Frame.readOptional(in).map(bytes -> new String(bytes, UTF_8));
        if (!(operation instanceof MapOperation.ListEntries list)) {
          throw new IOException("only listings have pages");
        }
        yield primary -> primary.page(list, after);
      }
      case RAISE -> {
        ProcessName process = new ProcessName(in.readUTF());
        Epoch epoch = new Epoch(in.readLong());
        yield primary -> primary.raiseFence(process, epoch);
      }
    };
  }

  private CompletionStage<Optional<MapResult>> here(Leading parts, Question question) {
    return CompletableFuture.supplyAsync(
            () -> {
              if (!parts.primary().serving()) {
                parts.generations().wake();
              }
              return question.here(parts.primary());
            },
            loop)
        .thenCompose(stage -> stage);
  }

  @Override
  public void close() {
    leading.ifPresent(parts -> parts.generations().close());
  }
}
