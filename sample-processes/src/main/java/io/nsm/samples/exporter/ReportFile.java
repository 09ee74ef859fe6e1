package io.nsm.samples.exporter;

import io.nsm.process.Term;
import io.nsm.process.TermEndedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is there as a whole or not at all. */
final class ReportFile {

  private ReportFile() {}

  /** Writes the text beside its place, flushes it, and renames it if the term still lasts. */
  static void write(Path place, String text, Term term) throws IOException, TermEndedException {
    Path beside = place.resolveSibling(place.getFileName() + "." + term.epoch() + ".part");
    try {
      try (FileChannel file =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      term.ensureActive();
      Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
