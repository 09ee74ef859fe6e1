package io.nsm.agent.node;

import io.nsm.supervisor.model.HostId;
import io.nsm.supervisor.model.Incarnation;
import io.nsm.supervisor.model.LeaseTerms;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who this agent is: the host's id, kept in the data directory that only one agent can hold, and an
 * incarnation of its own.
 */
final class Identity implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final FileLock lock;
  private final HostId host;
  private final Incarnation incarnation = new Incarnation(randomId(8));

  private Identity(Path directory, FileLock lock, HostId host) {
    this.directory = directory;
    this.lock = lock;
    this.host = host;
  }

  /**
   * Takes hold of a data directory.
   *
   * @throws StartException if it cannot be written to or another agent holds it
   */
  static Identity hold(Path directory) throws StartException {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new StartException(
            "%s is held by another agent that runs on this host: stop that one, or give this one another dataDirectory"
                .formatted(directory));
      }
      return new Identity(directory, lock, hostId(directory.resolve("host.id")));
    } catch (IOException e) {
      throw new StartException(
          "dataDirectory %s cannot be used: %s (expected a directory that this user can write to, with room)"
              .formatted(directory, e),
          e);
    }
  }

  private static HostId hostId(Path file) throws IOException {
    if (!Files.exists(file)) {
      write(file, randomId(16).getBytes(StandardCharsets.US_ASCII));
    }
    return new HostId(Files.readString(file).strip());
  }

  private static String randomId(int bytes) {
    byte[] id = new byte[bytes];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** A secret for one run. */
  static String token() {
    return randomId(16);
  }

  /** Whole or not at all, and on disk when it returns. */
  private static void write(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(java.nio.ByteBuffer.wrap(content));
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  HostId host() {
    return host;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  /** The kernel's id of this boot. */
  static String bootId() throws StartException {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new StartException("NSM needs Linux with /proc mounted: " + e.getMessage(), e);
    }
  }

  /** The lease under which this host's processes acted last, if an agent ever had one here. */
  Optional<LeaseTerms> lastLease() throws StartException {
    Path file = directory.resolve("lease.json");
    try {
      return Files.exists(file)
          ? Optional.of(Json.read(Files.readAllBytes(file), LeaseTerms.class))
          : Optional.empty();
    } catch (IOException | MalformedException e) {
      throw new StartException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Keeps the cluster's lease for the next agent of this host. */
  void rememberLease(LeaseTerms lease) throws IOException {
    write(directory.resolve("lease.json"), Json.bytes(lease));
  }

  @Override
  public void close() throws IOException {
    lock.channel().close();
  }
}
