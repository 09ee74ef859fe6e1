package io.nsm.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * The secret that a caller must know to change something. Who can read the file {@code token} in
 * the agent's data directory knows it.
 */
public final class AgentToken {
  /** Its name in the data directory. */
  public static final String FILE = "token";

  private static final int RANDOM_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final byte[] secret;

  private AgentToken(String secret) {
    this.secret = secret.getBytes(UTF_8);
  }

  /**
   * Reads the token of a data directory, or makes one.
   *
   * @throws IOException if it can be neither read nor written, or others may read it
   */
  public static AgentToken in(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE);
    try {
      return new AgentToken(create(file));
    } catch (FileAlreadyExistsException earlier) {
      return new AgentToken(read(file));
    }
  }

  /** Whether a caller gave this token; takes the same time for all wrong ones of one length. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(secret, given.getBytes(UTF_8));
  }

  private static String create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    // Made with its permissions, not given them later: nobody can open it in between.
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      channel.write(UTF_8.encode(secret + "\n"));
    }
    return secret;
  }

  private static String read(Path file) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(Files.getPosixFilePermissions(file));
    permissions.retainAll(OF_OTHERS);
    if (!permissions.isEmpty()) {
      throw new IOException(
          file + " is open to others, so its token is no secret: remove it, a new one is made");
    }
    String secret = Files.readString(file).strip();
    if (secret.isEmpty()) {
      throw new IOException(file + " is empty: remove it, a new token is made");
    }
    return secret;
  }
}
