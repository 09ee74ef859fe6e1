package io.nsm.agent.chaos.check;

import io.nsm.agent.chaos.check.TermEvent.Position;
import io.nsm.agent.chaos.check.TermEvent.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * (c) An activation sees every checkpoint that was acknowledged in an older epoch, or a newer one;
 * judged by the order of epochs, whenever the acknowledgement came. It sees no less than an earlier
 * activation did, and nothing that nobody saved.
 */
final class CheckpointCheck {
  private final Recording recording;
  private final List<Violation> violations = new ArrayList<>();
  private long examined;

  private CheckpointCheck(Recording recording) {
    this.recording = recording;
  }

  static Finding judge(Recording recording) {
    CheckpointCheck check = new CheckpointCheck(recording);
    Map<String, List<Save>> saves =
        Recording.byProcess(recording.saves(), save -> save.run().process());
    recording
        .activations()
        .forEach(
            (process, activations) ->
                check.judge(activations, saves.getOrDefault(process, List.of())));
    return Finding.of(
        "(c) an activation sees what was acknowledged",
        check.examined,
        "activations after a save",
        check.violations,
        List.of());
  }

  private void judge(List<TermEvent> activations, List<Save> saves) {
    List<TermEvent> byEpoch =
        activations.stream().sorted(Comparator.comparingLong(TermEvent::epoch)).toList();
    Optional<TermEvent> before = Optional.empty();
    for (TermEvent activation : byEpoch) {
      seesTheAcknowledged(activation, saves);
      activation.seen().ifPresent(seen -> wasSaved(activation, seen, saves));
      before.ifPresent(earlier -> seesNoLess(activation, earlier));
      before = Optional.of(activation);
    }
  }

  private void seesTheAcknowledged(TermEvent activation, List<Save> saves) {
    Optional<Save> last =
        saves.stream()
            .filter(save -> save.epoch() < activation.epoch() && save.acknowledged().isPresent())
            .max(Comparator.comparing(save -> save.acknowledged().orElseThrow()));
    if (last.isEmpty()) {
      return;
    }
    examined++;
    Save save = last.get();
    Position expected = save.acknowledged().orElseThrow();
    boolean sees =
        activation
            .seen()
            .filter(seen -> seen.position().compareTo(expected) >= 0)
            .filter(seen -> seen.value() >= save.value())
            .isPresent();
    if (!sees) {
      wrong(
          activation,
          save.returned(),
          text(activation)
              + ", but "
              + save.run()
              + " had the count "
              + save.value()
              + " acknowledged as "
              + expected);
    }
  }

  private void wasSaved(TermEvent activation, Seen seen, List<Save> saves) {
    if (saves.isEmpty()) {
      return;
    }
    boolean saved =
        saves.stream()
            .anyMatch(
                save ->
                    save.epoch() == seen.position().epoch()
                        && save.value() == seen.value()
                        && save.invoked() < activation.at()
                        && save.acknowledged().map(seen.position()::equals).orElse(true));
    if (!saved || seen.position().epoch() >= activation.epoch()) {
      wrong(activation, activation.at(), text(activation) + ", which nobody had saved so by then");
    }
  }

  private void seesNoLess(TermEvent activation, TermEvent earlier) {
    boolean less =
        earlier
            .seen()
            .filter(
                seen ->
                    activation
                        .seen()
                        .filter(now -> now.position().compareTo(seen.position()) >= 0)
                        .isEmpty())
            .isPresent();
    if (less) {
      wrong(activation, earlier.at(), text(activation) + ", but before that " + text(earlier));
    }
  }

  private static String text(TermEvent activation) {
    return activation.run()
        + " in epoch "
        + activation.epoch()
        + " began with "
        + activation
            .seen()
            .map(seen -> "the count " + seen.value() + " of checkpoint " + seen.position())
            .orElse("no checkpoint");
  }

  private void wrong(TermEvent activation, long other, String what) {
    violations.add(
        new Violation(
            Math.min(activation.at(), other),
            activation.at(),
            what,
            List.of(new Subject(Subject.Kind.SAVE, activation.run().process()))));
  }
}
