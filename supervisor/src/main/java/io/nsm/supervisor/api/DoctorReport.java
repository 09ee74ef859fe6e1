package io.nsm.supervisor.api;

import io.nsm.supervisor.model.HostName;
import java.util.List;
import java.util.Optional;

/** What was checked, on the asked agent's host. */
public record DoctorReport(HostName host, List<Check> checks) {
  public DoctorReport {
    checks = List.copyOf(checks);
  }

  /**
   * One thing that was checked.
   *
   * @param name {@code quorum}, {@code voters}, {@code clock}, {@code directories}, {@code java} …
   * @param text what was found
   * @param advice what to do, unless all is well
   */
  public record Check(String name, Verdict verdict, String text, Optional<String> advice) {}

  /** How a check went. */
  public enum Verdict {
    OK,
    WARN,
    FAIL
  }

  /** The worst verdict of all. */
  public Verdict worst() {
    return checks.stream()
        .map(Check::verdict)
        .reduce(Verdict.OK, (one, other) -> one.compareTo(other) >= 0 ? one : other);
  }
}
