package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.model.HostName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Asks the {@link Replica} of any voter, and answers for the one of this host. A failed answer
 * means refused or not answered; in neither case may the asker go on in that generation.
 */
final class ReplicaService {
  private static final String SERVICE = "grid.replica";

  private enum Kind {
    STATUS,
    PROMISE,
    SUMS,
    VERSIONS,
    FETCH,
    INSTALL,
    ACTIVATE,
    WRITE,
    CONFIRM
  }

  /** How a voter stands, and whether it is serving as the primary. */
  record Status(Standing standing, boolean serving, boolean usable) {}

  /** A voter refused, having promised this generation. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(HostName by, Kind kind) {
      super(by + " refused to " + kind.name().toLowerCase(Locale.ROOT));
    }
  }

  private final Voters voters;
  private final Optional<Replica> replica;
  private final Executor loop;
  private final BooleanSupplier serving;
  private final Runnable promised;

  /**
   * @param serving whether this host serves as the primary; asked on the loop
   * @param promised called on the loop after a promise
   */
  ReplicaService(
      Voters voters,
      Optional<Replica> replica,
      Executor loop,
      BooleanSupplier serving,
      Runnable promised) {
    this.voters = voters;
    this.replica = replica;
    this.loop = loop;
    this.serving = serving;
    this.promised = promised;
    if (replica.isPresent()) {
      voters.serve(
          SERVICE,
          (from, body) ->
              CompletableFuture.supplyAsync(() -> answer(replica.get(), body), loop)
                  .thenCompose(stage -> stage));
    }
  }

  CompletionStage<Status> status(HostName of, Duration timeout) {
    return ask(of, Kind.STATUS, timeout, out -> {})
        .thenApply(
            answer ->
                Frame.read(
                    answer,
                    in -> new Status(Frame.readStanding(in), in.readBoolean(), in.readBoolean())));
  }

  CompletionStage<Standing> promise(HostName by, long generation, Duration timeout) {
    return ask(by, Kind.PROMISE, timeout, out -> out.writeLong(generation))
        .thenApply(answer -> Frame.read(answer, Frame::readStanding));
  }

  CompletionStage<long[]> sums(HostName of, Duration timeout) {
    return ask(of, Kind.SUMS, timeout, out -> {})
        .thenApply(
            answer ->
                Frame.read(
                    answer,
                    in -> {
                      long[] sums = new long[Replica.BUCKETS];
                      for (int i = 0; i < sums.length; i++) {
                        sums[i] = in.readLong();
                      }
                      return sums;
                    }));
  }

  CompletionStage<Map<String, Long>> versions(HostName of, int bucket, Duration timeout) {
    return ask(of, Kind.VERSIONS, timeout, out -> out.writeInt(bucket))
        .thenApply(
            answer ->
                Frame.read(
                    answer,
                    in -> {
                      int count = in.readInt();
                      Map<String, Long> versions = new HashMap<>();
                      for (int i = 0; i < count; i++) {
                        versions.put(in.readUTF(), in.readLong());
                      }
                      return versions;
                    }));
  }

  /** Reads the first keys of a list, as many as fit one frame; without a value if not there. */
  CompletionStage<List<Change>> fetch(HostName from, List<String> keys, Duration timeout) {
    return ask(from, Kind.FETCH, timeout, out -> Frame.writeStrings(out, keys))
        .thenApply(answer -> Frame.read(answer, Frame::readChanges));
  }

  CompletionStage<Void> install(
      HostName at, long generation, List<Change> changes, Optional<Long> asOf, Duration timeout) {
    return done(
        ask(
            at,
            Kind.INSTALL,
            timeout,
            out -> {
              out.writeLong(generation);
              Frame.writeChanges(out, changes);
              out.writeLong(asOf.orElse(-1L));
            }));
  }

  CompletionStage<Void> activate(
      HostName at, long generation, Set<HostName> members, Duration timeout) {
    return done(
        ask(
            at,
            Kind.ACTIVATE,
            timeout,
            out -> {
              out.writeLong(generation);
              Frame.writeStrings(out, members.stream().map(HostName::name).toList());
            }));
  }

  CompletionStage<Void> write(HostName at, long generation, Change change, Duration timeout) {
    return done(
        ask(
            at,
            Kind.WRITE,
            timeout,
            out -> {
              out.writeLong(generation);
              Frame.writeChanges(out, List.of(change));
            }));
  }

  /** Succeeds if the voter had promised no newer generation when it was asked. */
  CompletionStage<Void> confirm(HostName by, long generation, Duration timeout) {
    return done(ask(by, Kind.CONFIRM, timeout, out -> out.writeLong(generation)));
  }

  private static CompletionStage<Void> done(CompletionStage<byte[]> answer) {
    return answer.thenAccept(bytes -> {});
  }

  private CompletionStage<byte[]> ask(
      HostName to, Kind kind, Duration timeout, Frame.Writer fields) {
    byte[] question =
        Frame.of(
            out -> {
              out.writeByte(kind.ordinal());
              fields.write(out);
            });
    CompletionStage<byte[]> answer =
        to.equals(voters.self()) && replica.isPresent()
            ? CompletableFuture.supplyAsync(() -> answer(replica.get(), question), loop)
                .thenCompose(stage -> stage)
            : voters.ask(to, SERVICE, question, timeout);
    return answer.thenCompose(
        bytes ->
            bytes[0] == 1
                ? CompletableFuture.completedStage(Arrays.copyOfRange(bytes, 1, bytes.length))
                : CompletableFuture.failedStage(new RefusedException(to, kind)));
  }

  /** On the loop. */
  private CompletionStage<byte[]> answer(Replica replica, byte[] question) {
    return Frame.read(
        question,
        in ->
            switch (Kind.values()[in.readByte()]) {
              case STATUS -> now(out -> status(replica, out));
              case PROMISE -> promise(replica, in.readLong());
              case SUMS -> now(out -> sums(replica, out));
              case VERSIONS -> versions(replica, in.readInt());
              case FETCH -> fetched(replica, Frame.readStrings(in));
              case INSTALL -> install(replica, in);
              case ACTIVATE -> later(replica.activate(in.readLong(), hosts(in)));
              case WRITE -> later(replica.write(in.readLong(), Frame.readChanges(in)));
              case CONFIRM ->
                  replica.standing().in(in.readLong()) && replica.broken().isEmpty()
                      ? now(out -> {})
                      : refused();
            });
  }

  private void status(Replica replica, DataOutputStream out) throws IOException {
    Frame.writeStanding(out, replica.standing());
    out.writeBoolean(serving.getAsBoolean());
    out.writeBoolean(replica.broken().isEmpty());
  }

  private CompletionStage<byte[]> promise(Replica replica, long generation) {
    Optional<CompletionStage<Standing>> promise = replica.promise(generation);
    promised.run();
    return promise
        .map(stage -> stage.thenCompose(before -> now(out -> Frame.writeStanding(out, before))))
        .orElseGet(ReplicaService::refused);
  }

  private static void sums(Replica replica, DataOutputStream out) throws IOException {
    for (long sum : replica.sums()) {
      out.writeLong(sum);
    }
  }

  private static CompletionStage<byte[]> versions(Replica replica, int bucket) {
    Map<String, Long> versions = replica.versions(bucket);
    return now(
        out -> {
          out.writeInt(versions.size());
          for (Map.Entry<String, Long> entry : versions.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeLong(entry.getValue());
          }
        });
  }

  private static CompletionStage<byte[]> fetched(Replica replica, List<String> keys) {
    List<Change> found = new ArrayList<>();
    int size = 0;
    for (String key : keys) {
      Change change = replica.read(key).orElse(new Change(key, 0, Optional.empty()));
      size += change.size();
      if (!found.isEmpty() && size > Frame.MAX_BYTES) {
        break;
      }
      found.add(change);
    }
    return now(out -> Frame.writeChanges(out, found));
  }

  private static CompletionStage<byte[]> install(Replica replica, DataInputStream in)
      throws IOException {
    long generation = in.readLong();
    List<Change> changes = Frame.readChanges(in);
    long asOf = in.readLong();
    return later(
        replica.install(generation, changes, asOf < 0 ? Optional.empty() : Optional.of(asOf)));
  }

  private static Set<HostName> hosts(DataInputStream in) throws IOException {
    Set<HostName> hosts = new HashSet<>();
    for (String name : Frame.readStrings(in)) {
      hosts.add(new HostName(name));
    }
    return hosts;
  }

  private static CompletionStage<byte[]> now(Frame.Writer fields) {
    return CompletableFuture.completedStage(
        Frame.of(
            out -> {
              out.writeByte(1);
              fields.write(out);
            }));
  }

  private static CompletionStage<byte[]> later(Optional<CompletionStage<Void>> stage) {
    return stage
        .map(accepted -> accepted.thenCompose(done -> now(out -> {})))
        .orElseGet(ReplicaService::refused);
  }

  private static CompletionStage<byte[]> refused() {
    return CompletableFuture.completedStage(new byte[] {0});
  }
}
