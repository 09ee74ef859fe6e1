package io.nsm.agent.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What the nemesis did and when: {@code faults.jsonl}, and lines for the person who watches. */
final class Journal {
  private final Path file;
  private final long begun = System.nanoTime();
  private int faults;
  private int round;
  private int violations;

  Journal(Path directory) {
    this.file = directory.resolve("faults.jsonl");
  }

  /** How many faults were injected. */
  synchronized int faults() {
    return faults;
  }

  synchronized int nextRound() {
    return ++round;
  }

  synchronized int begin(String fault, String target, String detail) {
    faults++;
    line("begin", "id", faults, "round", round, "fault", fault, "target", target, "detail", detail);
    say("  " + fault + " " + target + (detail.isEmpty() ? "" : ": " + detail));
    return faults;
  }

  synchronized void of(String kind, int id) {
    line(kind, "id", id);
  }

  synchronized void failed(int id, String why) {
    faults--;
    line("failed", "id", id, "why", why);
    say("  not injected: " + why);
  }

  synchronized void recovered(long took, long bound, String what) {
    line("recovered", "round", round, "took", took, "bound", bound);
    say("round %d: well after %.1f s%s".formatted(round, took / 1e9, what));
  }

  synchronized void unrecovered(long bound, String why) {
    violations++;
    line("unrecovered", "round", round, "bound", bound, "why", why);
    say("round %d: NOT WELL within %.1f s: %s".formatted(round, bound / 1e9, why));
  }

  /** Something that must not be, found by the nemesis itself. */
  synchronized void violation(String what) {
    line("unrecovered", "round", round, "bound", 0, "why", what);
    say("VIOLATION: " + what);
    violations++;
  }

  synchronized int violations() {
    return violations;
  }

  synchronized void skipped(String fault, String why) {
    line("skipped", "fault", fault, "why", why);
    say("fault " + fault + " skipped: " + why);
  }

  synchronized void note(String detail) {
    line("note", "detail", detail);
    say("  " + detail);
  }

  /** Tells the person who watches. */
  void say(String words) {
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    System.out.printf("[%02d:%02d] %s%n", seconds / 60, seconds % 60, words);
  }

  private void line(String kind, Object... pairs) {
    List<Object> all = new ArrayList<>(List.of("t", System.nanoTime(), "kind", kind));
    all.addAll(List.of(pairs));
    write(file, JsonLine.of(all.toArray()) + "\n");
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
