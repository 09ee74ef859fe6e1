package io.nsm.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the instances of {@link Recorder} did, by their own word, and what must hold of it. All
 * programs of a host read the same monotonic clock, so that their times can be compared.
 */
record Recording(List<Line> lines) {

  /** What a line says, and of which moment its time is. */
  enum Kind {
    /** A term was entered with this count from the checkpoint; 0 if there was none. */
    ENTERED,
    /** It counted; the time is from before it asked whether it may. */
    ACTED,
    /** This count was saved and acknowledged; the time is from before the save. */
    SAVED,
    /** This count was put into the shared map, fenced; the time is from before that. */
    SHARED,
    /** What became of a save or a put was not learnt. */
    UNKNOWN,
    /** It was told that its term is over. */
    ENDED
  }

  record Line(Kind kind, long epoch, long count, long at, String instance) {
    static Line parse(String line) {
      String[] words = line.split(" ");
      return new Line(
          Kind.valueOf(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          words[4]);
    }
  }

  static Recording read(Path file) {
    try {
      if (!Files.exists(file)) {
        return new Recording(List.of());
      }
      String text = Files.readString(file);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      return new Recording(whole.lines().map(Line::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest epoch in which anything was done. */
  OptionalLong epoch() {
    return of(Kind.ACTED).stream().mapToLong(Line::epoch).max();
  }

  List<Line> of(Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind).toList();
  }

  List<Line> in(long epoch) {
    return lines.stream().filter(line -> line.epoch() == epoch).toList();
  }

  /** Checks every promise that can be judged from outside. */
  void holds() {
    eachEpochHasOneHolder();
    nobodyActsAfterASuccessor();
    nothingAcknowledgedIsLost();
    nothingStaleIsShared();
  }

  private void eachEpochHasOneHolder() {
    Map<Long, String> holders = new HashMap<>();
    for (Line entered : of(Kind.ENTERED)) {
      assertThat(holders.putIfAbsent(entered.epoch(), entered.instance()))
          .as("who entered epoch %s before %s", entered.epoch(), entered)
          .isNull();
    }
    for (Line line : lines) {
      assertThat(holders)
          .as("the holders of epochs, of which")
          .containsEntry(line.epoch(), line.instance());
    }
  }

  private void nobodyActsAfterASuccessor() {
    Line newest = new Line(Kind.ACTED, 0, 0, Long.MIN_VALUE, "");
    for (Line acted : byTime(of(Kind.ACTED))) {
      assertThat(acted.epoch())
          .as("the epoch of %s, which came after %s", acted, newest)
          .isGreaterThanOrEqualTo(newest.epoch());
      newest = acted;
    }
  }

  /**
   * By the ledger's order, whatever the times are: no save of an epoch is applied after the next.
   */
  private void nothingAcknowledgedIsLost() {
    for (Line entered : of(Kind.ENTERED)) {
      long saved =
          of(Kind.SAVED).stream()
              .filter(line -> line.epoch() < entered.epoch())
              .mapToLong(Line::count)
              .max()
              .orElse(0);
      assertThat(entered.count())
          .as("the count with which %s began", entered)
          .isGreaterThanOrEqualTo(saved);
    }
  }

  private void nothingStaleIsShared() {
    for (Line shared : of(Kind.SHARED)) {
      assertThat(of(Kind.ENTERED))
          .as("terms that were entered before the older one wrote %s", shared)
          .noneMatch(entered -> entered.epoch() > shared.epoch() && entered.at() < shared.at());
    }
  }

  private static List<Line> byTime(List<Line> lines) {
    return lines.stream().sorted(java.util.Comparator.comparingLong(Line::at)).toList();
  }
}
