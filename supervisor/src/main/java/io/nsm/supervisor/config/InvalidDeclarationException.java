package io.nsm.supervisor.config;

import java.util.List;
import java.util.stream.Collectors;

/** What was read cannot be used. Lists all that is wrong, in the order of the text. */
public final class InvalidDeclarationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidDeclarationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
