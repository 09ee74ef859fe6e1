package io.nsm.supervisor.ledger.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through the log's files before Ratis opens them. An entry at the very end that was not
 * written whole was never acknowledged, and is cut off. Anything else that is damaged may have been
 * acknowledged: the member must not start, as it would vote as if it had never seen it.
 *
 * <p>A file of the log: the header {@code RaftLog1}, then entries (length as a varint, bytes,
 * CRC32C of both, 4 bytes), then zeros up to the end.
 */
final class LogFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLedger.class);
  private static final int HEADER = 8;
  private static final int CHECKSUM = 4;

  /** What a disk writes at once; a torn write leaves whole ones of it as they were: zeros. */
  private static final int SECTOR = 512;

  private static final String OPEN = "log_inprogress_";

  private LogFiles() {}

  static void check(Path current) throws LedgerException {
    if (!Files.isDirectory(current)) {
      return;
    }
    try {
      List<Path> files = list(current);
      if (!files.isEmpty() && !Files.exists(current.resolve("raft-meta"))) {
        throw new LedgerException(
            current
                + ": holds a log but not the file 'raft-meta' with this member's vote; it must not"
                + " vote again without it: restore the directory, or replace the member");
      }
      for (Path file : files) {
        check(file, file.getFileName().toString().startsWith(OPEN));
      }
    } catch (IOException e) {
      throw new LedgerException(current + ": the log cannot be read: " + e, e);
    }
  }

  private static List<Path> list(Path current) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(current, "log_*")) {
      files.forEach(found::add);
    }
    return found;
  }

  private static void check(Path file, boolean open) throws IOException, LedgerException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int at = Math.min(HEADER, bytes.limit());
    while (at < bytes.limit() && bytes.get(at) != 0) {
      int end = endOfEntry(bytes, at);
      if (end > 0) {
        at = end;
        continue;
      }
      if (!open || !torn(bytes, at)) {
        throw damaged(file, at);
      }
      LOG.warn("{}: offset {}: the last entry was not written whole and is cut off", file, at);
      cutOff(file, at);
      return;
    }
    if (!zeros(bytes, at, bytes.limit())) {
      throw damaged(file, at);
    }
  }

  private static LedgerException damaged(Path file, int at) {
    return new LedgerException(
        file
            + ": offset "
            + at
            + ": the log of the ledger is damaged here, and it is not a write that was cut short."
            + " This member does not start, as it may have acknowledged what is lost: look at the"
            + " disk; restore the directory, or replace the member");
  }

  /** The offset behind an entry that is whole, or 0. */
  private static int endOfEntry(ByteBuffer bytes, int at) {
    int data = at;
    long length = 0;
    for (int shift = 0; ; shift += 7) {
      if (shift > 28 || data >= bytes.limit()) {
        return 0;
      }
      byte next = bytes.get(data++);
      length |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (length == 0 || data + length + CHECKSUM > bytes.limit()) {
      return 0;
    }
    int checksum = data + (int) length;
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), at, checksum - at);
    return bytes.getInt(checksum) == (int) crc.getValue() ? checksum + CHECKSUM : 0;
  }

  /**
   * Whether what begins here is an entry cut short: nothing whole follows, and a part is missing.
   */
  private static boolean torn(ByteBuffer bytes, int at) {
    int lastWritten = bytes.limit() - 1;
    while (lastWritten > at && bytes.get(lastWritten) == 0) {
      lastWritten--;
    }
    for (int start = at + 1; start <= lastWritten; start++) {
      if (bytes.get(start) != 0 && endOfEntry(bytes, start) > 0) {
        return false;
      }
    }
    return claimedEnd(bytes, at) > lastWritten + 1 || holdsEmptySector(bytes, at, lastWritten);
  }

  /**
   * Where the entry would end by its own length; beyond everything if that is not written whole.
   */
  private static long claimedEnd(ByteBuffer bytes, int at) {
    long length = 0;
    int data = at;
    for (int shift = 0; shift <= 28 && data < bytes.limit(); shift += 7) {
      byte next = bytes.get(data++);
      length |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return data + length + CHECKSUM;
      }
    }
    return data < bytes.limit() ? 0 : Long.MAX_VALUE;
  }

  private static boolean holdsEmptySector(ByteBuffer bytes, int from, int to) {
    for (int sector = (from / SECTOR + 1) * SECTOR; sector + SECTOR <= to; sector += SECTOR) {
      if (zeros(bytes, sector, sector + SECTOR)) {
        return true;
      }
    }
    return false;
  }

  private static boolean zeros(ByteBuffer bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void cutOff(Path file, int at) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(at);
      channel.force(true);
    }
  }
}
