package io.nsm.supervisor.ledger.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A snapshot on disk: magic (4 bytes), version (4), length of the state (4), CRC32C of the state
 * (4), the state.
 */
final class SnapshotFile {
  private static final int MAGIC = 0x4e534d53; // NSMS
  private static final int VERSION = 1;
  private static final int HEAD = 16;

  private SnapshotFile() {}

  /** Writes beside, flushes, and renames into place: the file is there whole or not at all. */
  static void write(Path file, byte[] state) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(HEAD + state.length);
    out.putInt(MAGIC).putInt(VERSION).putInt(state.length).putInt(crc(state)).put(state).flip();
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static byte[] read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    if (in.remaining() < HEAD || in.getInt() != MAGIC) {
      throw new IOException(file + ": offset 0: not a snapshot of the ledger");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IOException(
          file + ": offset 4: snapshot version " + version + "; this agent reads " + VERSION);
    }
    int length = in.getInt();
    int expected = in.getInt();
    byte[] state = new byte[in.remaining()];
    in.get(state);
    if (length != state.length || expected != crc(state)) {
      throw new IOException(
          file + ": offset " + HEAD + ": the snapshot is damaged (length or checksum)");
    }
    return state;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
