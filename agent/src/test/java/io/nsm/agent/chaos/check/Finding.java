package io.nsm.agent.chaos.check;

import java.util.List;
import java.util.Optional;

/**
 * What a check came to.
 *
 * @param examined how many things it looked at, in the plural of {@code unit}
 * @param undecided why it could not judge, if it could not
 * @param notes what is worth knowing though it is not wrong
 */
record Finding(
    String check,
    long examined,
    String unit,
    List<Violation> violations,
    Optional<String> undecided,
    List<String> notes) {

  /** A check that looked at nothing has not been passed. */
  enum Standing {
    HOLDS("holds"),
    VIOLATED("VIOLATED"),
    NOT_JUDGED("NOT JUDGED");

    final String word;

    Standing(String word) {
      this.word = word;
    }
  }

  static Finding of(
      String check, long examined, String unit, List<Violation> violations, List<String> notes) {
    return new Finding(
        check,
        examined,
        unit,
        List.copyOf(violations),
        examined == 0 ? Optional.of("there were no " + unit) : Optional.empty(),
        List.copyOf(notes));
  }

  Standing standing() {
    if (!violations.isEmpty()) {
      return Standing.VIOLATED;
    }
    return undecided.isPresent() ? Standing.NOT_JUDGED : Standing.HOLDS;
  }
}
