package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * (a) Two runs of one process never act at the same time. A run acts from its activation to the end
 * of its last effect.
 *
 * <p>What is known of the moment of a check is that it came after {@link Effect#at}. So an effect
 * that began after a successor, or at most the margin before, is wrong however long it took; one
 * that began earlier and ended after the successor began took longer than the margin. That is the
 * one case that leases cannot prevent, and is counted apart.
 */
final class ActingCheck {
  private final Recording recording;
  private final List<Violation> violations = new ArrayList<>();
  private int handovers;
  private long shortestGap = Long.MAX_VALUE;
  private int beyondMargin;
  private long furthestBeyond;

  private ActingCheck(Recording recording) {
    this.recording = recording;
  }

  static Finding judge(Recording recording) {
    return new ActingCheck(recording).judge();
  }

  /** What one run did in one epoch, in order. */
  private record Acting(Run run, long epoch, long begin, List<Effect> effects) {
    long end() {
      return effects.stream().mapToLong(Effect::end).max().orElse(begin);
    }
  }

  private Finding judge() {
    Recording.byProcess(actings(), acting -> acting.run().process())
        .values()
        .forEach(this::judgeProcess);
    List<String> notes = new ArrayList<>();
    if (shortestGap != Long.MAX_VALUE) {
      notes.add("shortest time in which nobody acted: " + Nanos.millis(shortestGap));
    }
    notes.add(
        beyondMargin == 0
            ? "no effect outlasted its lease and the margin"
            : "beyond the margin (a pause between check and effect longer than "
                + Nanos.millis(recording.facts().margin())
                + "): "
                + beyondMargin
                + " effects ended after a successor began, the latest "
                + Nanos.millis(furthestBeyond)
                + " after");
    return Finding.of("(a) one acts at a time", handovers, "handovers", violations, notes);
  }

  private List<Acting> actings() {
    record Key(Run run, long epoch) {}
    Map<Key, Long> begins = new HashMap<>();
    for (TermEvent event : recording.of(TermEvent.Kind.ACTIVATE)) {
      begins.merge(new Key(event.run(), event.epoch()), event.at(), Math::min);
    }
    Map<Key, List<Effect>> effects = new LinkedHashMap<>();
    for (Effect effect : recording.effects()) {
      effects
          .computeIfAbsent(new Key(effect.run(), effect.epoch()), key -> new ArrayList<>())
          .add(effect);
    }
    List<Acting> actings = new ArrayList<>();
    effects.forEach(
        (key, all) ->
            actings.add(
                new Acting(
                    key.run(),
                    key.epoch(),
                    Math.min(all.get(0).at(), begins.getOrDefault(key, Long.MAX_VALUE)),
                    all)));
    return actings;
  }

  private void judgeProcess(List<Acting> actings) {
    List<Acting> byEpoch =
        actings.stream()
            .sorted(Comparator.comparingLong(Acting::epoch).thenComparingLong(Acting::begin))
            .toList();
    for (int i = 0; i < byEpoch.size(); i++) {
      Acting older = byEpoch.get(i);
      byEpoch.stream()
          .skip(i + 1L)
          .filter(newer -> !newer.run().equals(older.run()))
          .min(Comparator.comparingLong(Acting::begin))
          .ifPresent(newer -> judgePair(older, newer));
    }
  }

  private void judgePair(Acting older, Acting newer) {
    handovers++;
    long margin = recording.facts().margin();
    List<Effect> late = older.effects().stream().filter(e -> e.end() > newer.begin()).toList();
    List<Effect> wrong = late.stream().filter(e -> e.at() + margin > newer.begin()).toList();
    if (wrong.isEmpty() && late.isEmpty()) {
      shortestGap = Math.min(shortestGap, newer.begin() - older.end());
    } else if (wrong.isEmpty()) {
      beyondMargin += late.size();
      furthestBeyond = Math.max(furthestBeyond, older.end() - newer.begin());
    } else {
      Effect first = wrong.get(0);
      long from = Math.max(older.begin(), newer.begin());
      long overlap = Math.min(older.end(), newer.end()) - from;
      violations.add(
          new Violation(
              from,
              first.end(),
              older.run()
                  + " in epoch "
                  + older.epoch()
                  + " and "
                  + newer.run()
                  + " in epoch "
                  + newer.epoch()
                  + " both acted for "
                  + Math.max(0, overlap)
                  + " ns; effect "
                  + first.sequence()
                  + " of the older one ended "
                  + (first.end() - newer.begin())
                  + " ns after the newer one began",
              List.of(new Subject(Subject.Kind.EFFECT, older.run().process()))));
    }
  }
}
