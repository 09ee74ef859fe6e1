package io.nsm.supervisor.grid.infinispan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a full disk or a power cut left of the last record of a log file of Infinispan's
 * soft-index store. Such a record was never acknowledged, as that takes a flush of all of it; but
 * the store would take its key for written and could never be opened again.
 *
 * <p>A record is a header of 27 bytes (1, then the lengths of key, metadata, value and internal
 * metadata as 2, 2, 4 and 2 bytes, then two longs) and these parts. What is damaged before the end
 * of a file is left as it is, for the store to refuse.
 */
final class TornTails {
  private static final Logger LOG = LoggerFactory.getLogger(TornTails.class);
  private static final int HEADER = 27;
  private static final byte MAGIC = 1;
  private static final int BLOCK = 1 << 16;

  private TornTails() {}

  /**
   * Mends the files of one cache; the store must not be open.
   *
   * @param data where its log files are
   * @param index its index, which is built anew from them if one of them was mended
   */
  static void mend(Path data, Path index) throws IOException {
    boolean mended = false;
    for (Path file : files(data)) {
      mended |= mend(file);
    }
    if (mended) {
      for (Path file : files(index)) {
        Files.delete(file);
      }
    }
  }

  private static boolean mend(Path file) throws IOException {
    try (FileChannel log =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = log.size();
      long whole = endOfWholeRecords(log, size);
      if (whole == size) {
        return false;
      }
      LOG.warn(
          "{}: the last {} bytes, from {} on, are a record that was never completed: removed",
          file,
          size - whole,
          whole);
      log.truncate(whole);
      log.force(true);
      return true;
    }
  }

  /** Where the torn record begins; the size of the file if there is none. */
  private static long endOfWholeRecords(FileChannel log, long size) throws IOException {
    long at = 0;
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    while (at < size) {
      if (size - at < HEADER) {
        return at;
      }
      read(log, header, at);
      if (header.get() != MAGIC) {
        return isZero(log, at, size) ? at : size;
      }
      int key = header.getShort();
      int metadata = header.getShort();
      int value = header.getInt();
      int internal = header.getShort();
      if (key < 0 || metadata < 0 || value < 0 || internal < 0) {
        return size;
      }
      long end = at + HEADER + key + metadata + value + internal;
      if (end > size) {
        return at;
      }
      at = end;
    }
    return size;
  }

  private static void read(FileChannel log, ByteBuffer into, long at) throws IOException {
    into.clear();
    while (into.hasRemaining()) {
      if (log.read(into, at + into.position()) < 0) {
        throw new IOException("the log became shorter while it was read");
      }
    }
    into.flip();
  }

  /** Whether nothing but zeros follows: a file that had grown when the power was cut. */
  private static boolean isZero(FileChannel log, long from, long size) throws IOException {
    for (long at = from; at < size; at += BLOCK) {
      ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, size - at));
      read(log, block, at);
      while (block.hasRemaining()) {
        if (block.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList();
    }
  }
}
