package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is looked at after faults were healed, and at the end. */
final class EndChecks {
  private EndChecks() {}

  /** (f) After the last fault was healed every process is as it was declared. */
  static Finding asDeclared(Recording recording) {
    List<Violation> violations = new ArrayList<>();
    recording
        .end()
        .ifPresent(
            end -> {
              end.problems().forEach(problem -> wrong(violations, end.at(), problem));
              for (Recording.Instance instance : end.instances()) {
                if (!instance.good()) {
                  wrong(
                      violations,
                      end.at(),
                      instance.name() + " is " + instance.state() + " on " + instance.host());
                }
              }
              if (!end.well() && violations.isEmpty()) {
                wrong(violations, end.at(), "the cluster is not well");
              }
            });
    long examined = recording.end().map(end -> (long) end.instances().size()).orElse(0L);
    return Finding.of(
        "(f) at the end all is as declared", examined, "instances", violations, List.of());
  }

  /** (g) Nothing is left behind when all was stopped. */
  static Finding nothingLeft(Recording recording) {
    List<Violation> violations = new ArrayList<>();
    recording
        .leaks()
        .ifPresent(
            leaks ->
                leaks
                    .left()
                    .forEach(
                        (kind, left) -> {
                          if (!left.isEmpty()) {
                            wrong(violations, leaks.at(), kind + " left: " + left);
                          }
                        }));
    long examined = recording.leaks().map(Recording.Leaks::left).map(Map::size).orElse(0);
    return Finding.of(
        "(g) nothing is left behind", examined, "kinds of leaks", violations, List.of());
  }

  /** After each round the cluster recovers within the bound that its configuration promises. */
  static Finding recovered(Recording recording) {
    List<Violation> violations = new ArrayList<>();
    long examined = 0;
    long longest = 0;
    for (FaultEvent event : recording.faults()) {
      boolean never = event.kind().equals("unrecovered");
      if (!never && !event.kind().equals("recovered")) {
        continue;
      }
      examined++;
      longest = Math.max(longest, event.took());
      if (never || event.took() > event.bound()) {
        wrong(
            violations,
            event.at(),
            event.text()
                + (never ? " within " : " took " + Nanos.millis(event.took()) + ", more than ")
                + Nanos.millis(event.bound()));
      }
    }
    return Finding.of(
        "(h) recovery within the bound",
        examined,
        "recoveries",
        violations,
        longest == 0 ? List.of() : List.of("longest: " + Nanos.millis(longest)));
  }

  private static void wrong(List<Violation> violations, long at, String what) {
    violations.add(new Violation(at, at, what, List.of()));
  }
}
