package io.nsm.supervisor.ledger.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes the names in a directory durable. Ratis flushes the file that holds its vote and renames it
 * into place; without this a power cut may bring the old one back, and with it a second vote.
 */
record DirectorySync(Path directory) {
  /** Of the directory that holds a file. */
  static DirectorySync around(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException(file + ": has no directory around it");
    }
    return new DirectorySync(directory);
  }

  void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
