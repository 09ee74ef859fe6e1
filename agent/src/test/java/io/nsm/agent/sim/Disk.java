package io.nsm.agent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a member of the ledger keeps over its restarts. What is written is safe from a power cut
 * only once it is synced, which takes its time; an agent that is killed loses nothing.
 */
final class Disk {
  /**
   * An entry.
   *
   * @param submission empty for the first of a term and for a leader's own
   * @param claimed the term that a bad habit has it count as; 0 for the true one
   */
  record Entry(long term, byte[] command, String submission, long claimed) {
    long countsAs() {
      return claimed == 0 ? term : claimed;
    }
  }

  record Snapshot(int index, byte[] state, Map<String, byte[]> answers) {}

  private final Cluster cluster;
  private final List<Entry> log = new ArrayList<>();
  private Optional<Snapshot> snapshot = Optional.empty();
  private long term;
  private int votedFor = -1;
  private int safe;
  private long safeTerm;
  private int safeVote = -1;

  Disk(Cluster cluster) {
    this.cluster = cluster;
  }

  long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  void vote(long term, int votedFor) {
    this.term = term;
    this.votedFor = votedFor;
  }

  int size() {
    return log.size();
  }

  /** How many entries no power cut can take away. */
  int safe() {
    return safe;
  }

  Entry entry(int index) {
    return log.get(index - 1);
  }

  /** Entries behind {@code from}, up to {@code to}. */
  List<Entry> entries(int from, int to) {
    return List.copyOf(log.subList(from, to));
  }

  long termAt(int index) {
    return index == 0 ? 0 : entry(index).term();
  }

  void add(Entry entry) {
    log.add(entry);
  }

  /** Takes over a leader's entries behind {@code previous}; gives the place of the last of them. */
  int takeOver(int previous, List<Entry> entries) {
    int at = previous;
    for (Entry entry : entries) {
      at++;
      if (at <= log.size() && entry(at).term() != entry.term()) {
        cutTo(at - 1);
      }
      if (at > log.size()) {
        log.add(entry);
      }
    }
    return at;
  }

  /** Takes over a leader's snapshot and all that led to it. */
  void install(Snapshot given, List<Entry> prefix) {
    long last = prefix.get(prefix.size() - 1).term();
    if (log.size() < given.index() || termAt(given.index()) != last) {
      cutTo(0);
      log.addAll(prefix);
    }
    keep(given);
  }

  /** A snapshot is synced, with the log that it stands for, before it counts. */
  void keep(Snapshot taken) {
    snapshot = Optional.of(taken);
    safe = Math.max(safe, taken.index());
  }

  Optional<Snapshot> snapshot() {
    return snapshot;
  }

  private void cutTo(int size) {
    log.subList(size, log.size()).clear();
    safe = Math.min(safe, size);
  }

  /** Has all that is written up to now safe after a while, and then goes on. */
  void sync(Runnable then) {
    if (cluster.has(Habit.ACKNOWLEDGES_UNSYNCED)) {
      then.run();
      return;
    }
    int size = log.size();
    long lastTerm = termAt(size);
    long nowTerm = term;
    int nowVote = votedFor;
    cluster.world.after(
        cluster.syncTime(),
        () -> {
          if (size <= log.size() && termAt(size) == lastTerm) {
            safe = Math.max(safe, size);
          }
          if (nowTerm >= safeTerm) {
            safeTerm = nowTerm;
            safeVote = nowVote;
          }
          then.run();
        });
  }

  /** What was not synced is gone. */
  void losePower() {
    cutTo(Math.min(safe, log.size()));
    term = safeTerm;
    votedFor = safeVote;
  }
}
