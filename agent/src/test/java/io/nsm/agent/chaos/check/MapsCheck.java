package io.nsm.agent.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** (e) The calls on each key of a shared map are linearizable. */
final class MapsCheck {
  private static final String CHECK = "(e) shared maps are linearizable per key";

  private MapsCheck() {}

  static Finding judge(Recording recording) {
    return judge(recording, Linearizability.MOST_STEPS);
  }

  static Finding judge(Recording recording, long mostSteps) {
    Map<String, List<MapCall>> keys = Recording.byProcess(recording.maps(), MapCall::key);
    List<Violation> violations = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    long allUnknown = 0;
    long steps = 0;
    long examined = 0;
    for (Map.Entry<String, List<MapCall>> key : keys.entrySet()) {
      List<KeyCall> calls =
          key.getValue().stream().map(MapCall::effect).flatMap(Optional::stream).toList();
      long unknown = calls.stream().filter(KeyCall::unknown).count();
      examined += calls.size() - unknown;
      allUnknown += unknown;
      Linearizability.Verdict verdict = Linearizability.judge(calls, mostSteps);
      if (verdict instanceof Linearizability.Holds holds) {
        steps += holds.steps();
      } else if (verdict instanceof Linearizability.Undecided cut) {
        undecided.add(key.getKey() + " is NOT DECIDED: " + cut.why() + ", at " + cut.call());
      } else if (verdict instanceof Linearizability.Violated violated) {
        violations.add(violation(key.getKey(), violated));
      }
    }
    String note =
        keys.size()
            + " keys; "
            + allUnknown
            + " writes of unknown outcome, each of which may have taken effect at any time after;"
            + " orders found in "
            + steps
            + " steps";
    Finding finding = Finding.of(CHECK, examined, "calls", violations, List.of(note));
    return undecided.isEmpty()
        ? finding
        : new Finding(
            CHECK,
            examined,
            "calls",
            violations,
            Optional.of(String.join("; ", undecided)),
            finding.notes());
  }

  private static Violation violation(String key, Linearizability.Violated violated) {
    KeyCall call = violated.call();
    return new Violation(
        call.invoked(),
        call.returned(),
        key
            + ": no order of the calls explains "
            + call.operation()
            + " by "
            + call.client()
            + (violated.byVersionsOnly() ? " if versions grow" : "")
            + "; before it returned the value could be "
            + violated.possible().stream().map(value -> value.orElse("none")).sorted().toList(),
        List.of(new Subject(Subject.Kind.MAP, key)));
  }
}
