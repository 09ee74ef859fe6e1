package io.nsm.agent.link;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Where the agent's socket is: in a directory that only the agent's user can enter, as long as no
 * other one is let in.
 */
final class SocketPath {
  /** What JDK 17 accepts on Linux. */
  static final int MAX_BYTES = 106;

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 256;

  private SocketPath() {}

  /**
   * Binds the socket, in place of a stale one. The caller holds the agent's lock, so no living
   * agent can own it.
   */
  static ServerSocketChannel bind(Path socket) throws IOException {
    checkLength(socket);
    Path directory = socket.toAbsolutePath().normalize().getParent();
    if (directory == null) {
      throw new IOException(socket + ": the agent's socket needs a directory of its own");
    }
    makePrivate(directory);
    removeStale(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException(socket + ": cannot listen there: " + e.getMessage(), e);
    }
  }

  /** Others can get to the socket and connect; its directory they cannot list. */
  static void openToOthers(Path socket) throws IOException {
    Path directory = Objects.requireNonNull(socket.toAbsolutePath().normalize().getParent());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  private static void checkLength(Path socket) throws IOException {
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_BYTES) {
      throw new IOException(
          "the agent's socket "
              + socket
              + " has a path of "
              + length
              + " bytes, and Unix domain sockets allow "
              + MAX_BYTES
              + "; set runDirectory in agent.yaml to a shorter one, /run/nsm for example");
    }
  }

  private static void makePrivate(Path directory) throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
    } catch (FileAlreadyExistsException e) {
      // It may have been made with other rights; made anew or not, nobody else enters from here on.
      Files.setPosixFilePermissions(directory, ownerOnly);
    }
  }

  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(
          socket + ": is in the place of the agent's socket and is none; move it away");
    }
    Files.delete(socket);
  }
}
