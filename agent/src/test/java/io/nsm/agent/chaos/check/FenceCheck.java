package io.nsm.agent.chaos.check;

import io.nsm.agent.chaos.check.TermEvent.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * (d) Nothing of an epoch is accepted after a newer one.
 *
 * <p>An acknowledgement may come after the next grant for what was accepted before it, so only
 * these are wrong: a save or a fenced write that was acknowledged though it was <em>asked for</em>
 * after a newer epoch was entered, or after a write of a newer epoch had been acknowledged; and, by
 * the order of versions, a value of an older epoch over one of a newer epoch.
 */
final class FenceCheck {
  private final Recording recording;
  private final Map<String, List<TermEvent>> activations;
  private final Map<Long, String> processes = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private long examined;

  private FenceCheck(Recording recording) {
    this.recording = recording;
    this.activations = recording.activations();
    recording
        .of(TermEvent.Kind.ACTIVATE)
        .forEach(event -> processes.put(event.epoch(), event.run().process()));
  }

  static Finding judge(Recording recording) {
    FenceCheck check = new FenceCheck(recording);
    check.saves();
    check.fencedWrites();
    check.versions();
    long refused =
        recording.maps().stream()
            .filter(call -> call.fence().isPresent() && !call.acknowledged())
            .count();
    return Finding.of(
        "(d) nothing stale is acknowledged",
        check.examined,
        "acknowledged saves and fenced writes",
        check.violations,
        List.of(refused + " fenced writes were refused or of unknown outcome"));
  }

  private void saves() {
    Map<Run, Position> last = new HashMap<>();
    for (Save save : recording.saves()) {
      if (save.acknowledged().isEmpty()) {
        continue;
      }
      examined++;
      Position position = save.acknowledged().get();
      Subject subject = new Subject(Subject.Kind.SAVE, save.run().process());
      String what =
          "a save of epoch " + save.epoch() + " by " + save.run() + " was acknowledged as ";
      afterNewer(save.run().process(), save.epoch(), save.invoked())
          .ifPresent(
              newer ->
                  wrong(
                      newer.at(),
                      save.returned(),
                      what + position + " though asked for after " + entered(newer),
                      subject));
      Position before = last.put(save.run(), position);
      if (position.epoch() != save.epoch() || before != null && before.compareTo(position) >= 0) {
        wrong(save.invoked(), save.returned(), what + position + " after " + before, subject);
      }
    }
  }

  private void fencedWrites() {
    Map<String, List<MapCall>> acknowledged =
        Recording.byProcess(
            recording.maps().stream()
                .filter(call -> call.fence().isPresent() && call.acknowledged())
                .toList(),
            call -> processes.getOrDefault(call.fence().orElseThrow(), ""));
    acknowledged.forEach(
        (process, writes) -> {
          examined += writes.size();
          for (MapCall write : writes) {
            long epoch = write.fence().orElseThrow();
            String what = "a write of epoch " + epoch + " on " + write.key() + " was acknowledged";
            afterNewer(process, epoch, write.invoked())
                .ifPresent(
                    newer ->
                        wrong(
                            newer.at(),
                            write.returned(),
                            what + " though asked for after " + entered(newer),
                            subject(write)));
          }
          afterAcknowledged(writes);
        });
  }

  /** In the order of asking: the newest epoch of which a write had been acknowledged by then. */
  private void afterAcknowledged(List<MapCall> writes) {
    List<MapCall> byEnd =
        writes.stream().sorted(Comparator.comparingLong(MapCall::returned)).toList();
    int ended = 0;
    Optional<MapCall> newest = Optional.empty();
    for (MapCall write : writes) {
      while (ended < byEnd.size() && byEnd.get(ended).returned() < write.invoked()) {
        MapCall other = byEnd.get(ended++);
        if (newest.isEmpty() || epoch(newest.get()) < epoch(other)) {
          newest = Optional.of(other);
        }
      }
      newest
          .filter(other -> epoch(other) > epoch(write))
          .ifPresent(
              other ->
                  wrong(
                      other.returned(),
                      write.returned(),
                      "a write of epoch "
                          + epoch(write)
                          + " on "
                          + write.key()
                          + " was acknowledged though asked for after one of epoch "
                          + epoch(other)
                          + " had been",
                      subject(write)));
    }
  }

  /** Whatever was said of a write: what was seen of it tells when it took effect. */
  private void versions() {
    Map<String, MapCall> writers = new HashMap<>();
    for (MapCall call : recording.maps()) {
      if (call.fence().isPresent()) {
        call.written().ifPresent(value -> writers.put(call.key() + "=" + value, call));
      }
    }
    Map<String, TreeMap<Long, MapCall>> seen = new TreeMap<>();
    for (MapCall call : recording.maps()) {
      call.effect()
          .map(KeyCall::operation)
          .ifPresent(
              operation -> {
                if (operation instanceof KeyOperation.Read read) {
                  note(seen, writers, call.key(), read.value(), read.version());
                } else if (operation instanceof KeyOperation.Write write) {
                  note(seen, writers, call.key(), write.value(), write.version());
                }
              });
    }
    seen.values().forEach(this::epochsGrow);
  }

  private static void note(
      Map<String, TreeMap<Long, MapCall>> seen,
      Map<String, MapCall> writers,
      String key,
      String value,
      long version) {
    MapCall writer = writers.get(key + "=" + value);
    if (version > 0 && writer != null) {
      seen.computeIfAbsent(key, any -> new TreeMap<>()).put(version, writer);
    }
  }

  private void epochsGrow(TreeMap<Long, MapCall> byVersion) {
    Map<String, MapCall> newest = new HashMap<>();
    byVersion.forEach(
        (version, write) -> {
          String process = processes.getOrDefault(epoch(write), "");
          MapCall before = newest.get(process);
          if (before != null && epoch(before) > epoch(write)) {
            wrong(
                before.invoked(),
                write.invoked(),
                "a write of epoch "
                    + epoch(write)
                    + " on "
                    + write.key()
                    + " took effect over one of epoch "
                    + epoch(before)
                    + ": it has version "
                    + version,
                subject(write));
          } else {
            newest.put(process, write);
          }
        });
  }

  private Optional<TermEvent> afterNewer(String process, long epoch, long invoked) {
    return activations.getOrDefault(process, List.of()).stream()
        .filter(event -> event.epoch() > epoch && event.at() < invoked)
        .findFirst();
  }

  private static long epoch(MapCall call) {
    return call.fence().orElseThrow();
  }

  private static String entered(TermEvent newer) {
    return newer.run() + " had entered epoch " + newer.epoch();
  }

  private static Subject subject(MapCall call) {
    return new Subject(Subject.Kind.MAP, call.key());
  }

  private void wrong(long from, long to, String what, Subject subject) {
    violations.add(new Violation(from, to, what, List.of(subject)));
  }
}
