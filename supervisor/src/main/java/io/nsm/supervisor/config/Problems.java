package io.nsm.supervisor.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong while reading goes on; what is said twice counts once. */
final class Problems {
  /** More than anybody reads at once. */
  static final int MOST_ERRORS = 200;

  private final Set<Problem> errors = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private final List<String> sources = new ArrayList<>();

  void error(Problem problem) {
    if (errors.size() < MOST_ERRORS) {
      errors.add(problem);
    }
    seen(problem);
  }

  void warning(Problem problem) {
    if (warnings.size() < MOST_ERRORS) {
      warnings.add(problem);
    }
    seen(problem);
  }

  List<Problem> warnings() {
    return sorted(warnings);
  }

  void throwIfAny() {
    if (!errors.isEmpty()) {
      throw new InvalidDeclarationException(sorted(errors));
    }
  }

  private void seen(Problem problem) {
    if (!sources.contains(problem.place().source())) {
      sources.add(problem.place().source());
    }
  }

  private List<Problem> sorted(Set<Problem> problems) {
    Comparator<Problem> bySource =
        Comparator.comparingInt(problem -> sources.indexOf(problem.place().source()));
    return problems.stream()
        .sorted(
            bySource
                .thenComparingInt(problem -> problem.place().line())
                .thenComparingInt(problem -> problem.place().column()))
        .toList();
  }
}
