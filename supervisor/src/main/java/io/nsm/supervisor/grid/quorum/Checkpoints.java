package io.nsm.supervisor.grid.quorum;

import io.nsm.supervisor.grid.Grid.Bytes;
import io.nsm.supervisor.grid.Grid.Found;
import io.nsm.supervisor.grid.Grid.Nowhere;
import io.nsm.supervisor.grid.Grid.Stored;
import io.nsm.supervisor.grid.Grid.Unreachable;
import io.nsm.supervisor.model.CheckpointRef;
import io.nsm.supervisor.model.Digest;
import io.nsm.supervisor.model.Epoch;
import io.nsm.supervisor.model.HostName;
import io.nsm.supervisor.model.ProcessName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of checkpoints, each on the disks of a majority of the voters or of more. They never
 * change under their digest, so any copy is right and a left-over one harmless.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String SERVICE = "grid.checkpoints";

  /** For one voter's answer. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** A voter that has just joined does not serve yet. */
  private static final int CATCH_UP_ATTEMPTS = 5;

  private enum Kind {
    STORE,
    FIND,
    REMOVE_OLDER,
    LIST
  }

  private final Voters voters;
  private final Optional<Disk> disk;
  private final ScheduledExecutorService blocking;
  private final ConcurrentSkipListMap<String, CheckpointRef> held = new ConcurrentSkipListMap<>();

  /**
   * @param blocking runs reads of the disk
   */
  Checkpoints(Voters voters, Optional<Disk> disk, ScheduledExecutorService blocking) {
    this.voters = voters;
    this.disk = disk;
    this.blocking = blocking;
    if (disk.isPresent()) {
      disk.get().keys().forEach(key -> held.put(key, ref(key)));
      voters.serve(SERVICE, (from, body) -> answer(disk.get(), body));
    }
  }

  CompletionStage<Stored> store(CheckpointRef ref, byte[] bytes) {
    if (bytes.length != ref.size() || !Digest.of(bytes).equals(ref.digest())) {
      throw new IllegalArgumentException(
          "checkpoint " + ref + " has " + bytes.length + " bytes that are not the ones it names");
    }
    byte[] question =
        Frame.of(
            out -> {
              out.writeByte(Kind.STORE.ordinal());
              write(out, ref);
              out.write(bytes);
            });
    return Majority.of(
            voters.all(),
            voters.majority(),
            voter -> {
              if (voter.equals(voters.self()) && disk.isPresent()) {
                return keep(disk.get(), ref, bytes);
              }
              return accepted(voters.ask(voter, SERVICE, question, TIMEOUT));
            })
        .thenApply(done -> done ? Stored.DONE : Stored.UNKNOWN);
  }

  CompletionStage<Found> find(CheckpointRef ref) {
    return CompletableFuture.supplyAsync(
            () -> disk.flatMap(own -> own.read(key(ref))).filter(bytes -> whole(ref, bytes)),
            blocking)
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (own, failure) -> {
              if (failure != null) {
                LOG.warn("checkpoint {} cannot be read here", ref, failure);
                return findElsewhere(ref, Optional.of(voters.self()));
              }
              return own.isPresent()
                  ? CompletableFuture.<Found>completedFuture(new Bytes(own.get()))
                  : findElsewhere(ref, Optional.empty());
            })
        .thenCompose(found -> found);
  }

  /**
   * Asks every other voter at once; the first whole copy is the answer, and is kept here.
   *
   * @param mayHave a voter that may have it, and cannot be asked
   */
  private CompletionStage<Found> findElsewhere(CheckpointRef ref, Optional<HostName> mayHave) {
    byte[] question =
        Frame.of(
            out -> {
              out.writeByte(Kind.FIND.ordinal());
              write(out, ref);
            });
    CompletableFuture<Found> outcome = new CompletableFuture<>();
    List<String> silent = Collections.synchronizedList(new ArrayList<>());
    mayHave.ifPresent(voter -> silent.add(voter.name()));
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (HostName voter : voters.all()) {
      if (!voter.equals(voters.self()) || disk.isEmpty()) {
        answers.add(
            voters
                .ask(voter, SERVICE, question, TIMEOUT)
                .handle(
                    (answer, failure) -> {
                      if (failure != null) {
                        silent.add(voter.name());
                        return Optional.<byte[]>empty();
                      }
                      return Frame.read(answer, Frame::readOptional)
                          .filter(bytes -> whole(ref, bytes));
                    })
                .thenAccept(found -> found.ifPresent(bytes -> outcome.complete(new Bytes(bytes))))
                .toCompletableFuture());
      }
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () ->
                outcome.complete(
                    silent.isEmpty()
                        ? new Nowhere()
                        : new Unreachable(silent.stream().sorted().toList())));
    outcome.thenAccept(
        found -> {
          if (found instanceof Bytes bytes && disk.isPresent()) {
            keepAgain(disk.get(), ref, bytes.bytes());
          }
        });
    return outcome;
  }

  CompletionStage<Void> removeOlder(CheckpointRef current, Optional<CheckpointRef> previous) {
    CheckpointRef oldestKept = previous.filter(before -> current.isAfter(before)).orElse(current);
    byte[] question =
        Frame.of(
            out -> {
              out.writeByte(Kind.REMOVE_OLDER.ordinal());
              write(out, oldestKept);
            });
    voters.all().stream()
        .filter(voter -> !voter.equals(voters.self()) && voters.sees(voter))
        .forEach(voter -> voters.send(voter, SERVICE, question));
    return disk.isPresent()
        ? removeBelow(disk.get(), oldestKept)
        : CompletableFuture.completedStage(null);
  }

  /** Fetches what the other voters in view have and this one does not. */
  void catchUp() {
    voters.reachable().stream()
        .filter(voter -> disk.isPresent() && !voter.equals(voters.self()))
        .forEach(voter -> catchUp(voter, CATCH_UP_ATTEMPTS));
  }

  private void catchUp(HostName with, int attempts) {
    byte[] question = Frame.of(out -> out.writeByte(Kind.LIST.ordinal()));
    voters
        .ask(with, SERVICE, question, TIMEOUT)
        .thenApply(answer -> Frame.read(answer, Checkpoints::readRefs))
        .whenComplete(
            (refs, failure) -> {
              if (failure == null) {
                fetchMissing(new ArrayList<>(refs));
              } else if (attempts > 1 && voters.sees(with) && !blocking.isShutdown()) {
                blocking.schedule(
                    () -> catchUp(with, attempts - 1), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
              } else {
                LOG.info("{} did not say which checkpoints it has: {}", with, failure.toString());
              }
            });
  }

  /** One after the other, so that a voter that was away does not flood the others. */
  private void fetchMissing(List<CheckpointRef> refs) {
    refs.removeIf(ref -> held.containsKey(key(ref)));
    if (!refs.isEmpty()) {
      CheckpointRef next = refs.remove(refs.size() - 1);
      findElsewhere(next, Optional.empty()).whenComplete((found, failure) -> fetchMissing(refs));
    }
  }

  private CompletionStage<byte[]> answer(Disk own, byte[] body) {
    return Frame.read(
        body,
        in ->
            switch (Kind.values()[in.readByte()]) {
              case STORE -> {
                CheckpointRef ref = readRef(in);
                byte[] bytes = in.readAllBytes();
                yield whole(ref, bytes)
                    ? keep(own, ref, bytes).thenApply(done -> new byte[] {1})
                    : CompletableFuture.completedStage(new byte[] {0});
              }
              case FIND -> {
                CheckpointRef ref = readRef(in);
                yield CompletableFuture.supplyAsync(
                    () ->
                        Frame.of(
                            out ->
                                Frame.writeOptional(
                                    out, own.read(key(ref)).filter(bytes -> whole(ref, bytes)))),
                    blocking);
              }
              case REMOVE_OLDER -> {
                yield removeBelow(own, readRef(in)).thenApply(done -> new byte[0]);
              }
              case LIST -> CompletableFuture.completedStage(Frame.of(this::writeRefs));
            });
  }

  private CompletionStage<Void> keep(Disk own, CheckpointRef ref, byte[] bytes) {
    return own.write(key(ref), bytes).thenRun(() -> held.put(key(ref), ref));
  }

  private void keepAgain(Disk own, CheckpointRef ref, byte[] bytes) {
    keep(own, ref, bytes)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("checkpoint {} was found elsewhere and could not be kept", ref, failure);
              }
            });
  }

  private CompletableFuture<Void> removeBelow(Disk own, CheckpointRef oldestKept) {
    List<CompletableFuture<Void>> removals = new ArrayList<>();
    for (CheckpointRef ref : new HashSet<>(held.values())) {
      if (ref.process().equals(oldestKept.process()) && oldestKept.isAfter(ref)) {
        held.remove(key(ref));
        removals.add(
            own.remove(key(ref))
                .whenComplete(
                    (done, failure) -> {
                      if (failure != null) {
                        LOG.warn("old checkpoint {} could not be removed", ref, failure);
                      }
                    })
                .toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(removals.toArray(CompletableFuture<?>[]::new));
  }

  private static boolean whole(CheckpointRef ref, byte[] bytes) {
    boolean whole = bytes.length == ref.size() && Digest.of(bytes).equals(ref.digest());
    if (!whole) {
      LOG.warn("a copy of checkpoint {} is damaged and not used", ref);
    }
    return whole;
  }

  private static CompletionStage<Void> accepted(CompletionStage<byte[]> answer) {
    return answer.thenAccept(
        bytes -> {
          if (bytes.length != 1 || bytes[0] != 1) {
            throw new IllegalStateException("a voter refused damaged bytes");
          }
        });
  }

  private static String key(CheckpointRef ref) {
    return ref.process()
        + "/"
        + ref.epoch().number()
        + "/"
        + ref.sequence()
        + "/"
        + ref.size()
        + "/"
        + ref.digest().hex();
  }

  private static CheckpointRef ref(String key) {
    String[] parts = key.split("/", -1);
    return new CheckpointRef(
        new ProcessName(parts[0]),
        new Epoch(Long.parseLong(parts[1])),
        Long.parseLong(parts[2]),
        new Digest(parts[4]),
        Integer.parseInt(parts[3]));
  }

  private static void write(DataOutputStream out, CheckpointRef ref) throws IOException {
    out.writeUTF(key(ref));
  }

  private static CheckpointRef readRef(DataInputStream in) throws IOException {
    return ref(in.readUTF());
  }

  private void writeRefs(DataOutputStream out) throws IOException {
    Frame.writeStrings(out, List.copyOf(held.keySet()));
  }

  private static Set<CheckpointRef> readRefs(DataInputStream in) throws IOException {
    Set<CheckpointRef> refs = new HashSet<>();
    Frame.readStrings(in).forEach(key -> refs.add(ref(key)));
    return refs;
  }
}
