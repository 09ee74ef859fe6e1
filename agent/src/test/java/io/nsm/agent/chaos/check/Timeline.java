package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What all hosts did and what was done to them around a violation. */
final class Timeline {
  private static final long BEFORE = 15_000_000_000L;
  private static final long AFTER = 3_000_000_000L;
  private static final int MOST_FEW = 60;
  private static final int MOST_MANY = 14;

  private Timeline() {}

  private record Moment(long at, Subject subject, String where, String text) {}

  /** Its lines: milliseconds from the beginning of the violation, the host, what happened. */
  static List<String> around(Violation violation, Recording recording) {
    List<Moment> moments =
        moments(recording, subject -> subject.few() || violation.subjects().contains(subject));
    List<Moment> shown = new ArrayList<>();
    List<Moment> few =
        moments.stream()
            .filter(moment -> moment.subject().few())
            .filter(moment -> moment.at() >= violation.from() - BEFORE)
            .filter(moment -> moment.at() <= violation.to() + AFTER)
            .toList();
    shown.addAll(nearest(few, violation, MOST_FEW));
    shown.addAll(
        nearest(
            moments.stream().filter(moment -> !moment.subject().few()).toList(),
            violation,
            3 * MOST_MANY));
    shown.sort(Comparator.comparingLong(Moment::at));
    List<String> lines = new ArrayList<>();
    boolean begun = false;
    boolean ended = false;
    for (Moment moment : shown) {
      if (!begun && moment.at() >= violation.from()) {
        lines.add(">>> " + violation.what());
        begun = true;
      }
      if (!ended && moment.at() > violation.to()) {
        lines.add("<<< " + Nanos.millis(violation.to() - violation.from()) + " later it was wrong");
        ended = true;
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "%12.3f ms  %-8s %s",
              (moment.at() - violation.from()) / 1e6,
              moment.where(),
              moment.text()));
    }
    if (!begun) {
      lines.add(">>> " + violation.what());
    }
    return lines;
  }

  /** The last before it, the first during it, and the first after it, a third each. */
  private static List<Moment> nearest(List<Moment> all, Violation violation, int most) {
    List<Moment> before = all.stream().filter(m -> m.at() < violation.from()).toList();
    List<Moment> during =
        all.stream().filter(m -> m.at() >= violation.from() && m.at() <= violation.to()).toList();
    List<Moment> after = all.stream().filter(m -> m.at() > violation.to()).toList();
    int each = most / 3;
    List<Moment> nearest = new ArrayList<>();
    nearest.addAll(before.subList(Math.max(0, before.size() - each), before.size()));
    if (during.size() <= each) {
      nearest.addAll(during);
    } else {
      nearest.addAll(during.subList(0, each / 2));
      nearest.addAll(during.subList(during.size() - each / 2, during.size()));
    }
    nearest.addAll(after.subList(0, Math.min(each, after.size())));
    return nearest;
  }

  private static List<Moment> moments(Recording recording, Predicate<Subject> wanted) {
    List<Moment> moments = new ArrayList<>();
    for (FaultEvent fault : recording.faults()) {
      moments.add(new Moment(fault.at(), new Subject(Subject.Kind.FAULT, ""), "*", fault.text()));
    }
    for (TermEvent event : recording.terms()) {
      moments.add(
          new Moment(
              event.at(),
              new Subject(Subject.Kind.TERM, event.run().process()),
              event.run().host(),
              event.run()
                  + " "
                  + event.kind().name().toLowerCase(Locale.ROOT)
                  + (event.epoch() == 0 ? "" : " epoch " + event.epoch())
                  + event
                      .seen()
                      .map(seen -> ", count " + seen.value() + " of " + seen.position())
                      .orElse("")));
    }
    for (Effect effect : recording.effects()) {
      Subject subject = new Subject(Subject.Kind.EFFECT, effect.run().process());
      String what = effect.run() + " epoch " + effect.epoch() + " effect " + effect.sequence();
      moments.add(new Moment(effect.at(), subject, effect.run().host(), what + " begins"));
      moments.add(new Moment(effect.end(), subject, effect.run().host(), what + " done"));
    }
    for (Save save : recording.saves()) {
      Subject subject = new Subject(Subject.Kind.SAVE, save.run().process());
      String what = save.run() + " epoch " + save.epoch() + " save of " + save.value();
      moments.add(new Moment(save.invoked(), subject, save.run().host(), what));
      if (save.returned() != KeyCall.NEVER) {
        moments.add(
            new Moment(
                save.returned(),
                subject,
                save.run().host(),
                what
                    + save.acknowledged()
                        .map(position -> " acknowledged as " + position)
                        .orElse(" not acknowledged")));
      }
    }
    for (MapCall call : recording.maps()) {
      Subject subject = new Subject(Subject.Kind.MAP, call.key());
      String what = call.client() + " " + call.key() + " ";
      moments.add(
          new Moment(
              call.invoked(),
              subject,
              call.host(),
              what
                  + call.text()
                  + (call.returned() == KeyCall.NEVER
                      ? ""
                      : " in " + Nanos.millis(call.returned() - call.invoked()))));
    }
    return moments.stream()
        .filter(moment -> wanted.test(moment.subject()))
        .sorted(Comparator.comparingLong(Moment::at))
        .toList();
  }
}
