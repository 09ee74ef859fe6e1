package io.nsm.supervisor.ledger.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The mark beside a member's log that says whose it is. A voter that lost its disk has forgotten
 * what it voted and acknowledged; if it started again as if new, two leaders could be elected in
 * one term, or an acknowledged entry be lost. So a voter takes part only where the mark and the log
 * agree.
 */
public final class VoterStore {
  static final String MARK = "member";
  private static final String HEADER = "nsm-ledger 1";

  private VoterStore() {}

  /**
   * Marks an empty directory as a voter's that has never voted. To be called once in the life of a
   * cluster on each voter, before its first start, and never to get a refused voter going again.
   */
  public static void initialise(Path directory) throws LedgerException {
    Path mark = directory.resolve(MARK);
    if (Files.exists(mark)) {
      throw new LedgerException(mark + ": is there already; this member was initialised before");
    }
    try {
      Files.createDirectories(directory);
      write(mark, Map.of("state", "fresh"));
      DirectorySync.around(directory).sync();
    } catch (IOException e) {
      throw new LedgerException(mark + ": cannot be written: " + e, e);
    }
  }

  /** Whether a directory was initialised, or holds a member's mark since it first started. */
  public static boolean isInitialised(Path directory) {
    return Files.exists(directory.resolve(MARK));
  }

  /** Whether a directory was initialised and its member never started since. */
  public static boolean isFresh(Path directory) {
    Path mark = directory.resolve(MARK);
    try {
      return Files.exists(mark) && "fresh".equals(read(mark).get("state"));
    } catch (IOException | LedgerException unreadable) {
      return false; // what is wrong with it is said when the member starts
    }
  }

  /** Refuses a member whose mark, log and configuration do not agree; else marks it as its own. */
  static void admit(RaftConfig config) throws LedgerException {
    Path mark = config.directory().resolve(MARK);
    try {
      boolean marked = Files.exists(mark);
      if (!marked && config.votes()) {
        throw unmarked(config);
      }
      if (marked) {
        Map<String, String> stored = read(mark);
        if ("used".equals(stored.get("state"))) {
          checkUsed(config, mark, stored);
          return;
        }
        if (holdsLog(config)) {
          throw new LedgerException(
              mark
                  + ": says the member never started, but "
                  + config.current()
                  + " holds a log; restore the mark that belongs to it");
        }
      }
      Files.createDirectories(config.directory());
      write(mark, describe(config));
    } catch (IOException e) {
      throw new LedgerException(mark + ": " + e, e);
    }
  }

  private static LedgerException unmarked(RaftConfig config) throws IOException {
    String found = holdsLog(config) ? "a log without its mark" : "neither a mark nor a log";
    return new LedgerException(
        config.directory()
            + ": host '"
            + config.self()
            + "' is a voter, and here is "
            + found
            + ". In a new cluster: run 'nsm-agent init' on each voter once. If this host has voted"
            + " before and lost its disk: do not; it must not vote under this name again, as it"
            + " forgot its votes. Restore the directory, or replace the voter");
  }

  private static void checkUsed(RaftConfig config, Path mark, Map<String, String> stored)
      throws LedgerException {
    for (Map.Entry<String, String> now : describe(config).entrySet()) {
      String before = stored.get(now.getKey());
      if (!now.getValue().equals(before)) {
        throw new LedgerException(
            mark
                + ": this directory belongs to a member with "
                + now.getKey()
                + " '"
                + before
                + "', the configuration says '"
                + now.getValue()
                + "'; give it back its own configuration, or this member its own directory");
      }
    }
    if (config.votes() && !Files.exists(config.current().resolve("raft-meta"))) {
      throw new LedgerException(
          config.current()
              + ": the vote of host '"
              + config.self()
              + "' is gone, though it has taken part before (see "
              + mark
              + "). It must not vote again, as it forgot its votes: restore the directory, or"
              + " replace the voter");
    }
  }

  private static boolean holdsLog(RaftConfig config) throws IOException {
    if (!Files.isDirectory(config.current())) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(config.current(), "log_*")) {
      return files.iterator().hasNext();
    }
  }

  private static Map<String, String> describe(RaftConfig config) {
    return Map.of(
        "state", "used",
        "cluster", config.cluster(),
        "host", config.self().name(),
        "role", config.votes() ? "voter" : "copy",
        "voters", config.voters().stream().map(Object::toString).collect(Collectors.joining(",")));
  }

  private static Map<String, String> read(Path mark) throws IOException, LedgerException {
    String[] lines = Files.readString(mark).split("\n");
    if (!HEADER.equals(lines[0])) {
      throw new LedgerException(mark + ":1: expected '" + HEADER + "', found '" + lines[0] + "'");
    }
    Map<String, String> found = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      if (equals < 0) {
        throw new LedgerException(mark + ":" + (i + 1) + ": expected key=value: " + lines[i]);
      }
      found.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
    }
    return found;
  }

  private static void write(Path mark, Map<String, String> values) throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    new TreeMap<>(values)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Path beside = mark.resolveSibling(MARK + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer out = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.force(true);
    }
    Files.move(beside, mark, StandardCopyOption.ATOMIC_MOVE);
    DirectorySync.around(mark).sync();
  }
}
