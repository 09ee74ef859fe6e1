package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * (b) Each epoch has one holder, over all processes, as one counter numbers them all; whoever does
 * something in an epoch was activated in it; and epochs grow from one activation to the next.
 *
 * <p>A run may be paused between the last look at its lease and the entry into its activation; if
 * it then does nothing, that is noted and not wrong.
 */
final class EpochCheck {
  private record Held(Run run, long epoch) {}

  private final Recording recording;
  private final Map<Long, TermEvent> holders = new TreeMap<>();
  private final Set<Held> activated = new HashSet<>();
  private final Set<Held> acted = new HashSet<>();
  private final List<Violation> violations = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private EpochCheck(Recording recording) {
    this.recording = recording;
  }

  static Finding judge(Recording recording) {
    return new EpochCheck(recording).judge();
  }

  private Finding judge() {
    recording.effects().forEach(effect -> acted.add(new Held(effect.run(), effect.epoch())));
    for (TermEvent event : recording.of(TermEvent.Kind.ACTIVATE)) {
      oneHolder(event);
      activated.add(new Held(event.run(), event.epoch()));
    }
    recording.activations().values().forEach(this::grow);
    Set<Held> told = new HashSet<>();
    for (Effect effect : recording.effects()) {
      onlyAfterActivation(effect.run(), effect.epoch(), effect.at(), "acted", told);
    }
    for (Save save : recording.saves()) {
      onlyAfterActivation(save.run(), save.epoch(), save.invoked(), "saved", told);
    }
    return Finding.of(
        "(b) one holder to an epoch, and they grow", holders.size(), "epochs", violations, notes);
  }

  private void oneHolder(TermEvent event) {
    TermEvent other = holders.putIfAbsent(event.epoch(), event);
    if (other != null) {
      wrong(
          other.at(),
          event.at(),
          "epoch " + event.epoch() + " was entered by " + other.run() + " and by " + event.run());
    }
  }

  private void grow(List<TermEvent> activations) {
    Map<Run, Long> ofRun = new HashMap<>();
    long newest = Long.MIN_VALUE;
    long since = 0;
    for (TermEvent event : activations) {
      long before = ofRun.getOrDefault(event.run(), Long.MIN_VALUE);
      ofRun.merge(event.run(), event.epoch(), Math::max);
      String what = event.run() + " entered epoch " + event.epoch() + " after epoch ";
      if (event.epoch() <= before) {
        wrong(event.at(), event.at(), what + before + ", which it had held itself");
      } else if (event.epoch() < newest && acted.contains(new Held(event.run(), event.epoch()))) {
        wrong(since, event.at(), what + newest + ", and acted in it");
      } else if (event.epoch() < newest) {
        notes.add(
            what
                + newest
                + " had been entered for "
                + Nanos.millis(event.at() - since)
                + ", and did nothing in it");
      }
      if (event.epoch() > newest) {
        newest = event.epoch();
        since = event.at();
      }
    }
  }

  private void onlyAfterActivation(
      Run run, long epoch, long at, String did, Set<Held> alreadyTold) {
    Held held = new Held(run, epoch);
    if (!activated.contains(held) && alreadyTold.add(held)) {
      wrong(
          at, at, run + " " + did + " in epoch " + epoch + " without having been activated in it");
    }
  }

  private void wrong(long from, long to, String what) {
    violations.add(new Violation(from, to, what, List.of()));
  }
}
